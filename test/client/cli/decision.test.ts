import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isNoted, shortForm } from '../../../protocol/ballot/fingerprint-text.ts';
import { decodeOpening, encodeOpening } from '../../../protocol/ballot/opening.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { decide, requireUndecidedOr } from '../../../client/cli/voter/decision.ts';
import { openPrepared, sealPrepared } from '../../../client/cli/voter/prepared-file.ts';
import { drawRandomnessBytes, randomnessOf } from '../../../protocol/ballot/ballot-bytes.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { randomnessScalar } from '../../../protocol/ballot/randomness.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { newFolder } from './urna.ts';

const MARK = `0x${'5a'.repeat(32)}` as const;
const OTHER = `0x${'a5'.repeat(32)}` as const;
const context = { chainId: 31337, election: `0x${'9'.repeat(40)}` as const };
const bytes = drawRandomnessBytes(randomBytes);
const opening = { context, poll: 0, slot: 7n as Field, values: [1n, 0n] };

describe('decide', () => {
  it('takes one decision for ever; the same again changes nothing', async () => {
    const path = join(newFolder(), 'ballot-1.age');
    await decide(path, MARK, 'challenged');
    await decide(path, MARK, 'challenged');
    await expect(decide(path, MARK, 'cast')).rejects.toMatchObject({ code: 'state/ballot' });
    await expect(requireUndecidedOr(path, MARK, 'cast')).rejects.toMatchObject({ code: 'state/ballot' });
    await requireUndecidedOr(path, MARK, 'challenged');
  });

  it('lets only one of many that decide at once win', async () => {
    for (let i = 0; i < 20; i++) {
      const path = join(newFolder(), 'ballot-1.age');
      const tries = (['cast', 'challenged', 'cast', 'challenged'] as const).map((each) => decide(path, MARK, each));
      const settled = await Promise.allSettled(tries);
      const won = new Set(settled.flatMap(({ status }, k) => (status === 'fulfilled' ? [k % 2] : [])));
      expect(won.size).toBe(1);
    }
  });

  it('trusts no mark that is another ballot’s, or damaged', async () => {
    const path = join(newFolder(), 'ballot-1.age');
    await decide(path, OTHER, 'cast');
    await expect(decide(path, MARK, 'cast')).rejects.toMatchObject({ code: 'ballot/decision' });
    const mark = path.replace('.age', '.decision.json');
    expect(existsSync(mark)).toBe(true);
    writeFileSync(mark, readFileSync(mark, 'utf8').slice(0, -4));
    await expect(decide(path, OTHER, 'cast')).rejects.toMatchObject({ code: 'json/syntax' });
  });
});

describe('a prepared ballot', () => {
  it('comes back from its file, for its passphrase only', async () => {
    const path = join(newFolder(), 'ballot-1.age');
    const ballot = { ...opening, head: 3n, randomnessBytes: bytes, fingerprint: MARK };
    writeFileSync(path, await sealPrepared(ballot, 'correct horse battery'));
    const { randomness, ...found } = await openPrepared(path, 'correct horse battery');
    expect(found).toEqual(ballot);
    expect(randomness).toEqual(randomnessOf(encodeHex(bytes), 'x').randomness);
    await expect(openPrepared(path, 'another passphrase')).rejects.toMatchObject({ code: 'secret/age' });
  });
});

describe('decodeOpening', () => {
  it('is the inverse of encoding, randomness included', () => {
    const { randomness, ...found } = decodeOpening(encodeOpening(opening, bytes));
    expect(found).toEqual(opening);
    expect(randomnessScalar(randomness)).toBe(randomnessScalar(randomnessOf(encodeHex(bytes), 'x').randomness));
  });

  it('refuses whatever is not exactly an opening', () => {
    const good = JSON.parse(encodeOpening(opening, bytes)) as Record<string, never>;
    const refused = (change: object): string => {
      try {
        decodeOpening(canonicalJson({ ...good, ...change }));
        return 'taken';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(refused({})).toBe('taken');
    expect(refused({ type: 'urna/v1/update' })).toBe('opening/file');
    expect(refused({ more: 1 })).toBe('opening/file');
    // The bit that ρ does not use: two files must not open the same ballot.
    expect(refused({ randomness: `0x${'00'.repeat(30)}80` })).toBe('opening/file');
    expect(refused({ randomness: '0x00' })).toBe('encoding/hex');
    expect(refused({ values: Array<number>(17).fill(0) })).toBe('opening/file');
    expect(refused({ values: [-1] })).toBe('opening/file');
    expect(refused({ slot: `0x${'ff'.repeat(32)}` })).toBe('field/range');
  });
});

describe('isNoted', () => {
  it('compares all digits or the short form, however they were written down', () => {
    expect(isNoted(MARK, MARK)).toBe(true);
    expect(isNoted(shortForm(MARK).toUpperCase(), MARK)).toBe(true);
    expect(isNoted(shortForm(OTHER), MARK)).toBe(false);
    expect(() => isNoted('5a5a', MARK)).toThrow('short form');
  });
});
