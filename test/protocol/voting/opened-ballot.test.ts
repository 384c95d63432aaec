import { describe, expect, it } from '@jest/globals';
import { randomnessOf } from '../../../protocol/ballot/ballot-bytes.ts';
import type { Opening } from '../../../protocol/ballot/opening.ts';
import { randomnessScalar } from '../../../protocol/ballot/randomness.ts';
import { fingerprint } from '../../../protocol/ballot/slot.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { O, add, multiplyBase, multiplyPublic } from '../../../protocol/math/curve.ts';
import { modScalar } from '../../../protocol/math/field.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { openedBallot } from '../../../protocol/voting/opened-ballot.ts';
import { exampleDefinition } from '../definition/example.ts';
import { streamOf } from '../stream.ts';

const definition = decodeDefinition(canonicalBytes(exampleDefinition() as Json));
const context = { chainId: 31337, election: `0x${'9'.repeat(40)}` as const };
const election = { definition, context };
const secrets = Array.from({ length: 8 }, (_, i) => modScalar(1000n + BigInt(i)));
const keys = secrets.map(multiplyBase);
const bytes = streamOf('an opening')(31).with(30, 5);
const { randomness } = randomnessOf(encodeHex(bytes), 'opening/file');

/** Contest 0, one of its options. */
const opening: Opening = { context, poll: 0, slot: 7n as Field, values: [0n, 1n, 0n, 0n, 0n, 0n, 0n, 0n], randomness };

const codeOf = (changed: Partial<Opening>, under = keys): string => {
  try {
    openedBallot(election, under, { ...opening, ...changed });
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('openedBallot', () => {
  it('makes the fingerprint of ρ·G and ρ·PK + M again', () => {
    const rho = randomnessScalar(randomness);
    // PK = x·G, so that ρ·PK is x·(ρ·G): another way than the one that is tried.
    const R = multiplyPublic(multiplyBase(modScalar(1n)), rho);
    const C = [0n, 1n, 2n, 3n].map((lane) => {
      const message = lane === 0n ? multiplyBase(modScalar(1n << 32n)) : O;
      return add(multiplyPublic(R, 1000n + lane), message);
    });
    const id = { chainId: 31337n, election: context.election, poll: 0 };
    const made = openedBallot(election, keys, opening);
    expect(made).toEqual({ contest: 0, fingerprint: wordHex(fingerprint(id, opening.slot, { R, C })) });
  });

  it('makes another of another vote, slot, poll, randomness or key', () => {
    const other = randomnessOf(encodeHex(bytes.with(0, (bytes[0] ?? 0) ^ 2)), 'opening/file').randomness;
    const all = [
      opening,
      { ...opening, values: [1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n] },
      { ...opening, slot: 8n as Field },
      { ...opening, poll: 1 },
      { ...opening, randomness: other },
    ].map((each) => openedBallot(election, keys, each).fingerprint);
    const underOther = openedBallot(election, keys.with(3, keys[4] ?? O), opening).fingerprint;
    expect(new Set([...all, underOther]).size).toBe(6);
  });

  it('refuses what is no ballot of this election', () => {
    expect(codeOf({ context: { ...context, chainId: 1 } })).toBe('opening/election');
    expect(codeOf({ context: { ...context, election: `0x${'8'.repeat(40)}` } })).toBe('opening/election');
    expect(codeOf({ poll: 99 })).toBe('opening/file');
    expect(codeOf({ values: [0n, 1n] })).toBe('opening/file');
    expect(codeOf({ values: [1n, 1n, 0n, 0n, 0n, 0n, 0n, 0n] })).toBe('opening/rule');
    expect(codeOf({ values: [2n, 0n, 0n, 0n, 0n, 0n, 0n, 0n] })).toBe('opening/rule');
    expect(codeOf({}, keys.slice(0, 1))).toBe('ballot/lanes');
    expect(codeOf({}, [O, ...keys])).toBe('ballot/lanes');
  });
});
