import { describe, expect, it } from '@jest/globals';
import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { p, r } from '../../../protocol/math/field.ts';
import { prepareKey, verifyBatch } from '../../../protocol/math/groth16-batch.ts';
import type { BatchItem } from '../../../protocol/math/pairing/weights.ts';
import { BETA, LAMBDA, batchWeights, keyHash } from '../../../protocol/math/pairing/weights.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import {
  COFACTOR,
  SMALL_PRIME,
  pointOfSmallOrder,
  pointOfWords,
  pointOutsideSubgroup,
  times,
  twistWords,
} from './twist.ts';

const constants = [77n, r - 2n];
const { key, simulate } = makeTrapdoor(5);
const prepared = await prepareKey(key, constants);
const items: BatchItem[] = Array.from({ length: 9 }, (_, i) => {
  const signals = [BigInt(i), r - 1n - BigInt(i), BigInt(i) ** 40n];
  return { signals, proof: simulate([...constants, ...signals]) };
});
/** The items with changes at some indices. */
const withItems = (changes: Record<number, Partial<BatchItem>>): BatchItem[] =>
  items.map((item, i) => ({ ...item, ...changes[i] }));
const word = (item: number, index: number, value: bigint): bigint[] =>
  items[item]!.proof.map((x, i) => (i === index ? value : x));

describe('verifyBatch', () => {
  it('accepts honest proofs, one or many or none', () => {
    expect(verifyBatch(prepared, items)).toEqual([]);
    expect(verifyBatch(prepared, items.slice(0, 1))).toEqual([]);
    expect(verifyBatch(prepared, [])).toEqual([]);
  });

  it('names exactly the culprits', () => {
    const swapped = withItems({
      1: { proof: items[2]!.proof },
      5: { signals: items[4]!.signals },
      8: { proof: items[0]!.proof },
    });
    expect(verifyBatch(prepared, swapped)).toEqual([1, 5, 8]);
  });

  it('names any item of which one word or signal was changed to another valid one', () => {
    const others = Array.from({ length: 3 }, () => simulate([1n, 2n, 3n, 4n, 5n]));
    const index = fc.nat(items.length - 1);
    fc.assert(
      fc.property(index, fc.constantFrom('A', 'B', 'C', 0, 1, 2), fc.nat(2), (i, part, other) => {
        const range: Record<string, readonly [number, number]> = { A: [0, 2], B: [2, 6], C: [6, 8] };
        const changed: Partial<BatchItem> =
          typeof part === 'number'
            ? { signals: items[i]!.signals.map((x, j) => (j === part ? (x + 1n + BigInt(other)) % r : x)) }
            : {
                proof: items[i]!.proof.map((x, j) =>
                  j >= range[part]![0] && j < range[part]![1] ? others[other]![j]! : x,
                ),
              };
        expect(verifyBatch(prepared, withItems({ [i]: changed }))).toEqual([i]);
      }),
      { numRuns: 10 },
    );
  });

  it('is not fooled by errors that cancel without weights', () => {
    // C₁ + E and C₂ − E: the plain product of the two equations still holds.
    const point = (i: number) => bn254.G1.Point.fromAffine({ x: items[i]!.proof[6]!, y: items[i]!.proof[7]! });
    const E = bn254.G1.Point.BASE.multiply(999n);
    const words = (q: ReturnType<typeof point>): bigint[] => [q.toAffine().x, q.toAffine().y];
    const forged = withItems({
      3: { proof: [...items[3]!.proof.slice(0, 6), ...words(point(3).add(E))] },
      4: { proof: [...items[4]!.proof.slice(0, 6), ...words(point(4).subtract(E))] },
    });
    expect(verifyBatch(prepared, forged)).toEqual([3, 4]);
  });

  it('refuses proofs made for other constants of the poll', async () => {
    const other = await prepareKey(key, [78n, r - 2n]);
    expect(verifyBatch(other, items)).toEqual(items.map((_, i) => i));
  });

  it('refuses proofs made for another key', async () => {
    const other = await prepareKey(makeTrapdoor(5, 1000n).key, constants);
    expect(verifyBatch(other, items.slice(0, 2))).toEqual([0, 1]);
  });

  it.each<[string, Partial<BatchItem>]>([
    ['a signal + r', { signals: [items[2]!.signals[0]! + r, ...items[2]!.signals.slice(1)] }],
    ['a negative signal', { signals: [items[2]!.signals[0]! - r, ...items[2]!.signals.slice(1)] }],
    ['A.x + p', { proof: word(2, 0, items[2]!.proof[0]! + p) }],
    ['B.y0 + p', { proof: word(2, 5, items[2]!.proof[5]! + p) }],
    ['C.y + p', { proof: word(2, 7, items[2]!.proof[7]! + p) }],
    ['A off the curve', { proof: word(2, 1, items[2]!.proof[1]! ^ 1n) }],
    ['B off the twist', { proof: word(2, 2, items[2]!.proof[2]! ^ 1n) }],
    ['C off the curve', { proof: word(2, 6, items[2]!.proof[6]! ^ 1n) }],
    ['A = (0, 0)', { proof: items[2]!.proof.map((x, i) => (i < 2 ? 0n : x)) }],
    ['B = (0, 0)', { proof: items[2]!.proof.map((x, i) => (i >= 2 && i < 6 ? 0n : x)) }],
    ['C = (0, 0)', { proof: items[2]!.proof.map((x, i) => (i > 5 ? 0n : x)) }],
    ['a word too few', { proof: items[2]!.proof.slice(1) }],
    ['a word too many', { proof: [...items[2]!.proof, 0n] }],
  ])('refuses %s and nothing else', (_, change) => {
    expect(verifyBatch(prepared, withItems({ 2: change }))).toEqual([2]);
  });

  it.each<[string, () => bigint[]]>([
    ['a point outside the subgroup', () => twistWords(pointOutsideSubgroup())],
    ['a point of order 10069', () => twistWords(pointOfSmallOrder())],
    [
      'the honest B plus a point of order 10069',
      () => twistWords(pointOfWords(items[6]!.proof).add(pointOfSmallOrder())),
    ],
    [
      'the honest B plus one of the cofactor',
      () => twistWords(pointOfWords(items[6]!.proof).add(times(pointOutsideSubgroup(), r))),
    ],
  ])('refuses B = %s and nothing else', (_, make) => {
    const { proof } = items[6]!;
    const forged = withItems({ 6: { proof: [...proof.slice(0, 2), ...make(), ...proof.slice(6)] } });
    expect(verifyBatch(prepared, forged)).toEqual([6]);
  });

  it('goes through more items than one chunk holds and reports progress', () => {
    const many = Array.from({ length: 520 }, (_, i) =>
      i === 519 ? { ...items[0]!, signals: [9n, 9n, 9n] } : items[i % 9]!,
    );
    const seen: number[] = [];
    expect(verifyBatch(prepared, many, (done) => seen.push(done))).toEqual([519]);
    expect(seen).toEqual([512, 520]);
  });

  it('refuses to guess at a wrong number of signals', async () => {
    expect(() => verifyBatch(prepared, [{ ...items[0]!, signals: [1n] }])).toThrow(
      expect.objectContaining({ code: 'proof/signals' }),
    );
    await expect(prepareKey(key, [r])).rejects.toMatchObject({ code: 'proof/signals' });
    await expect(prepareKey(key, [1n, 2n, 3n, 4n, 5n, 6n])).rejects.toMatchObject({ code: 'proof/signals' });
  });
});

describe('the subgroup test of the Miller loop', () => {
  it('is sufficient: its norm and the cofactor have no common factor', () => {
    const x = 4965661367192848881n;
    const t = p + 1n - r;
    // 6x+2 + ψ − ψ² + ψ³ = a + b·ψ, by ψ² = t·ψ − p.
    const a = 6n * x + 2n + p - t * p;
    const b = 1n - t + t * t - p;
    const norm = a * a + a * b * t + b * b * p;
    const gcd = (m: bigint, n: bigint): bigint => (n === 0n ? m : gcd(n, m % n));
    expect(norm % r).toBe(0n);
    expect(gcd(norm, COFACTOR)).toBe(1n);
    expect(COFACTOR % SMALL_PRIME).toBe(0n);
  });
});

describe('batchWeights', () => {
  it('hash the key, the constants, every signal, every proof and the position', () => {
    const hash = keyHash(key, constants);
    const values = (h: Uint8Array, list: readonly BatchItem[]) => batchWeights(h, list).map(({ value }) => value);
    const base = values(hash, items);
    expect(new Set(base).size).toBe(items.length);
    for (const other of [
      values(keyHash(key, [77n, r - 3n]), items),
      values(hash, withItems({ 8: { signals: [0n, 0n, 0n] } })),
      values(hash, withItems({ 8: { proof: items[0]!.proof } })),
      values(hash, [items[1]!, items[0]!, ...items.slice(2)]),
    ]) {
      expect(other.every((value, k) => value !== base[k])).toBe(true);
    }
  });

  it('have halves that the endomorphism of G1 makes one scalar', () => {
    const { x, y } = bn254.G1.Point.BASE.multiply(5n).toAffine();
    const image = bn254.G1.Point.BASE.multiply((5n * LAMBDA) % r).toAffine();
    expect(image).toEqual({ x: (x * BETA) % p, y });
    const [{ low, high, value }] = batchWeights(new Uint8Array(32), items.slice(0, 1)) as [
      { low: bigint; high: bigint; value: bigint },
    ];
    expect(low < 1n << 64n && high < 1n << 64n).toBe(true);
    expect(value).toBe((low + LAMBDA * high) % r);
  });
});
