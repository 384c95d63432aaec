import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import {
  createCredentialList,
  decodeCredentialList,
  encodeCredentialList,
  reserveCount,
  sealCredentialList,
} from '../../../protocol/credentials/credential-list.ts';
import { CREDENTIAL_TREE, merkleRoot } from '../../../protocol/credentials/merkle.ts';
import { at } from '../../../protocol/errors.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { streamOf } from '../stream.ts';
import { context, lists } from './election.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const list = at(lists, 1);
const change = (fields: Record<string, unknown>): Uint8Array =>
  canonicalBytes({ ...(parseCanonical(encodeCredentialList(list)) as object), ...fields });

describe('reserveCount', () => {
  it('is 2 %, rounded up', () => {
    expect([0, 1, 50, 51, 100, 1_000_000].map(reserveCount)).toEqual([0, 1, 1, 2, 2, 20_000]);
  });
});

describe('createCredentialList', () => {
  it('does not depend on the order in which credentials were made', () => {
    const random = streamOf('keys');
    const keys = Array.from({ length: 20 }, () => random(32));
    const created = createCredentialList(context.definitionHash, 0, keys, []);
    expect(createCredentialList(context.definitionHash, 0, [...keys].reverse(), [])).toEqual(created);
    expect([...created.keys].sort()).toEqual(created.keys);
  });

  it('refuses a key twice, in the list or in the reserve', () => {
    const key = streamOf('twice')(32);
    const make = (keys: Uint8Array[], reserve: Uint8Array[]) => () =>
      createCredentialList(context.definitionHash, 0, keys, reserve);
    expect(make([key, key], [])).toThrow(code('credential-list/duplicate'));
    expect(make([], [key, key])).toThrow(code('credential-list/duplicate'));
    expect(make([key], [key])).toThrow(code('credential-list/duplicate'));
  });
});

describe('decodeCredentialList', () => {
  it('inverts encodeCredentialList', () => {
    expect(decodeCredentialList(encodeCredentialList(list))).toEqual(list);
    const empty = createCredentialList(context.definitionHash, 0, [], []);
    expect(decodeCredentialList(encodeCredentialList(empty))).toEqual(empty);
  });

  it('refuses keys out of order', () => {
    expect(() => decodeCredentialList(change({ keys: [...list.keys].reverse() }))).toThrow(
      code('credential-list/order'),
    );
    expect(() => decodeCredentialList(change({ reserve: [at(list.keys, 0)] }))).toThrow(
      code('credential-list/duplicate'),
    );
    expect(() => decodeCredentialList(change({ keys: [at(list.keys, 0), at(list.keys, 0)] }))).toThrow(
      code('credential-list/duplicate'),
    );
  });

  it('refuses other shapes', () => {
    const bad = [
      { type: 'urna/v1/identity' },
      { names: [] },
      { keys: 'none' },
      { district: -1 },
      { district: 0.5 },
      { district: '0' },
    ];
    for (const fields of bad) expect(() => decodeCredentialList(change(fields))).toThrow(code('credential-list/shape'));
    for (const key of ['0x00', 5, null, `0x${'AB'.repeat(32)}`]) {
      expect(() => decodeCredentialList(change({ keys: [key] }))).toThrow(code('encoding/hex'));
    }
    expect(() => decodeCredentialList(canonicalBytes([]))).toThrow(code('credential-list/shape'));
  });
});

describe('sealCredentialList', () => {
  it('is root and count of both lists, leaves bound to the district', () => {
    const leaves = list.keys.map((key) => hashWords('credential-leaf', [1n, BigInt(key)]));
    const reserve = hashWords('credential-leaf', [1n, BigInt(at(list.reserve, 0))]);
    expect(sealCredentialList(list)).toEqual({
      root: merkleRoot(CREDENTIAL_TREE, leaves),
      count: 3n,
      reserveRoot: reserve,
      reserveCount: 1n,
    });
    expect(sealCredentialList({ ...list, district: 0 }).root).not.toBe(sealCredentialList(list).root);
  });
});
