import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compactList,
  decodeCredentialKeys,
  sealCredentialKeys,
} from '../../../protocol/credentials/credential-keys.ts';
import type { CredentialKeys } from '../../../protocol/credentials/credential-keys.ts';
import {
  createCredentialList,
  decodeCredentialList,
  encodeCredentialList,
  sealCredentialList,
} from '../../../protocol/credentials/credential-list.ts';
import type { CredentialList } from '../../../protocol/credentials/credential-list.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError, at } from '../../../protocol/errors.ts';
import { context, lists } from './election.ts';

const asText = ({ definitionHash, district, keys, reserve }: CredentialKeys): CredentialList => ({
  ...{ definitionHash, district, keys: [...keys].map(encodeHex), reserve: [...reserve].map(encodeHex) },
});

/** What a reader makes of bytes: the list, or why not. */
function outcome(read: () => CredentialList): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof UrnaError) return { code: error.code, message: error.message };
    throw error;
  }
}

function bothOutcomes(bytes: Uint8Array): [unknown, unknown] {
  return [outcome(() => asText(decodeCredentialKeys(bytes))), outcome(() => decodeCredentialList(bytes))];
}

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('decodeCredentialKeys', () => {
  it('reads what encodeCredentialList writes', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 90, selector: encodeHex }),
        fc.nat(),
        fc.nat(90),
        (all, district, cut) => {
          const list = createCredentialList(context.definitionHash, district, all.slice(cut), all.slice(0, cut));
          expect(asText(decodeCredentialKeys(encodeCredentialList(list)))).toEqual(list);
        },
      ),
    );
  });

  it('says the same as decodeCredentialList of every list with a byte changed, taken out or added', () => {
    const bytes = encodeCredentialList(at(lists, 0));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), (place, byte) => {
        const [before, after] = [bytes.slice(0, place), bytes.slice(place)];
        for (const changed of [
          [...before, byte, ...after.slice(1)],
          [...before, ...after.slice(1)],
          [...before, byte, ...after],
        ]) {
          const [ours, reference] = bothOutcomes(Uint8Array.from(changed));
          expect(ours).toEqual(reference);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says the same of lists cut off anywhere', () => {
    const bytes = encodeCredentialList(at(lists, 1));
    for (let length = 0; length < bytes.length; length++) {
      const [ours, reference] = bothOutcomes(bytes.slice(0, length));
      expect(ours).toEqual(reference);
    }
  });

  it('refuses keys out of order, repeated, or in both lists', () => {
    const list = at(lists, 0);
    const wrong: [CredentialList, string][] = [
      [{ ...list, keys: [...list.keys].reverse() }, 'credential-list/order'],
      [{ ...list, reserve: [at(list.keys, 1)] }, 'credential-list/duplicate'],
      [{ ...list, keys: [at(list.keys, 0), at(list.keys, 0)] }, 'credential-list/duplicate'],
      [{ ...list, district: 2 ** 53 }, 'credential-list/shape'],
    ];
    for (const [each, code] of wrong) {
      expect(() => decodeCredentialKeys(encodeCredentialList(each))).toThrow(expect.objectContaining({ code }));
    }
  });
});

describe('sealCredentialKeys', () => {
  it('seals the same as sealCredentialList', () => {
    for (const list of lists) expect(sealCredentialKeys(compactList(list))).toEqual(sealCredentialList(list));
    const empty = createCredentialList(context.definitionHash, 3, [], []);
    expect(sealCredentialKeys(compactList(empty))).toEqual(sealCredentialList(empty));
  });
});
