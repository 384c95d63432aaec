import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getContractAddress } from 'viem';
import { createdAddress } from '../../../protocol/checks/02-code.ts';
import { circuitKeyCode } from '../../../protocol/checks/03-setup.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { inLastQuarter, roundAt, timeline } from '../../../protocol/checks/replay/timeline.ts';
import { decodeUpdates, sentNullifiers } from '../../../protocol/checks/replay/update-words.ts';
import { setupHash } from '../../../protocol/checks/setup-hash.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { circuitKeyRuntime } from '../../../contracts/ballots/circuit-key.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { concatBytes, encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import { foldG1, isG1 } from '../../../protocol/math/bn254.ts';
import { r } from '../../../protocol/math/field.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { exampleDefinition } from '../definition/example.ts';
import { stream } from './world/random.ts';

const definition = decodeDefinition(canonicalBytes(exampleDefinition()));
const config = toConfig(definition);
const [opensAt, closesAt] = [Number(config.times.opensAt), Number(config.times.closesAt)];

describe('createdAddress', () => {
  it('is what an independent implementation computes, for any nonce', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1)),
        (bytes, nonce) => {
          const creator = encodeHex(bytes);
          expect(createdAddress(creator, nonce)).toBe(
            getContractAddress({ from: creator, nonce: BigInt(nonce) }).toLowerCase(),
          );
        },
      ),
    );
  });
});

describe('circuitKeyCode', () => {
  it('is what the deployment writes', () => {
    const { key } = makeTrapdoor(26);
    expect(encodeHex(circuitKeyCode(key))).toBe(circuitKeyRuntime(key));
  });
});

describe('timeline', () => {
  it('covers voting time and grace without gap or overlap, whatever the extensions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 4 }),
        fc.integer({ min: -10, max: 120_000 }),
        (steps, offset) => {
          let last = closesAt;
          const extensions = steps.map((step) => (last += step));
          const times = timeline(config, extensions);
          const holding = times.rounds.filter(
            ({ startsAt, endsAt }) => opensAt + offset >= startsAt && opensAt + offset < endsAt,
          );
          const inside = offset >= 0 && opensAt + offset < times.graceEndsAt;
          expect(holding).toHaveLength(inside ? 1 : 0);
          expect(roundAt(times, opensAt + offset)).toEqual(holding[0]);
          expect(times.rounds).toHaveLength(2 + steps.length + 1);
        },
      ),
    );
  });

  it('keeps the boundaries of the original rounds, and gives each extension one', () => {
    const times = timeline(config, [closesAt + 100]);
    const middle = opensAt + (closesAt - opensAt) / 2;
    expect(roundAt(times, middle - 1)?.round).toBe(0);
    expect(roundAt(times, middle)?.round).toBe(1);
    expect(roundAt(times, closesAt)).toEqual({ round: 2, startsAt: closesAt, endsAt: closesAt + 100 });
    expect(roundAt(times, closesAt + 100)?.round).toBe(3);
  });
});

describe('inLastQuarter', () => {
  it('begins at three quarters, not a second before', () => {
    const round = { round: 0, startsAt: 1000, endsAt: 1010 };
    expect([1007, 1008, 1009].map((time) => inLastQuarter(round, time))).toEqual([false, true, true]);
  });
});

describe('decodeUpdates', () => {
  const random = stream('words');
  const words = (count: number, at = -1, value = 0n): `0x${string}` =>
    encodeHex(
      concatBytes(
        ...Array.from({ length: count }, (_, i) => encodeWord(i === at ? value : BigInt(encodeHex(random(31))))),
      ),
    );

  it('reads firsts before laters', () => {
    const updates = decodeUpdates(1, words(26), words(18));
    expect(updates.map(({ previous }) => previous !== undefined)).toEqual([false, false, true]);
    expect(updates.map(({ proof, next }) => [proof.length, next.C.length])).toEqual([
      [8, 1],
      [8, 1],
      [8, 1],
    ]);
  });

  it.each([
    [25, 0],
    [0, 17],
    [26, 19],
  ])('refuses %d and %d words: no whole number of updates', (firsts, laters) => {
    expect(() => decodeUpdates(1, words(firsts), words(laters))).toThrow('whole number');
  });

  it('refuses a signal that is not below r, but takes any previous head', () => {
    for (const at of [0, 1, 4]) expect(() => decodeUpdates(1, words(13, at, r), '0x')).toThrow('field order');
    for (const at of [0, 2, 5, 6, 9]) expect(() => decodeUpdates(1, '0x', words(18, at, r))).toThrow('field order');
    expect(decodeUpdates(1, '0x', words(18, 1, (1n << 256n) - 1n))).toHaveLength(1);
  });
});

describe('sentNullifiers', () => {
  const random = stream('nullifiers');
  const words = (count: number): `0x${string}` =>
    encodeHex(concatBytes(...Array.from({ length: count }, () => encodeWord(BigInt(encodeHex(random(31)))))));

  it.each([1, 4, 8])('gives those that decodeUpdates reads, in %d lanes', (lanes) => {
    for (const [many, more] of [
      [0, 0],
      [3, 0],
      [0, 2],
      [2, 3],
    ] as const) {
      const [firsts, laters] = [words(many * (11 + 2 * lanes)), words(more * (14 + 4 * lanes))];
      const decoded = decodeUpdates(lanes, firsts, laters).map(({ nullifier }) => nullifier);
      expect([...sentNullifiers(lanes, firsts, laters)]).toEqual(decoded);
    }
  });
});

describe('foldG1', () => {
  it('is linear, and (0, 0) for the neutral element', () => {
    const { key } = makeTrapdoor(26);
    const [a, b] = [key.ic[1], key.ic[2]];
    if (a === undefined || b === undefined) throw new Error('a key has points');
    const once = foldG1(a, [{ scalar: 5n, point: b }]);
    expect(foldG1(foldG1(a, [{ scalar: 2n, point: b }]), [{ scalar: 3n, point: b }])).toEqual(once);
    expect(isG1(once)).toBe(true);
    expect(foldG1(a, [{ scalar: r - 1n, point: a }])).toEqual({ x: 0n, y: 0n });
    expect(foldG1(a, [{ scalar: 0n, point: b }])).toEqual(a);
  });
});

describe('setupHash', () => {
  it('depends on every circuit and not on their order', () => {
    const circuits = [
      { lanes: 4, manifest: Uint8Array.of(1) },
      { lanes: 1, manifest: Uint8Array.of(2) },
    ];
    expect(setupHash([...circuits].reverse())).toBe(setupHash(circuits));
    expect(setupHash(circuits.slice(1))).not.toBe(setupHash(circuits));
    expect(
      setupHash([
        { lanes: 4, manifest: Uint8Array.of(2) },
        { lanes: 1, manifest: Uint8Array.of(1) },
      ]),
    ).not.toBe(setupHash(circuits));
  });
});
