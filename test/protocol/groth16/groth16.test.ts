import { afterAll, describe, expect, it } from '@jest/globals';
import { isG1, isG2 } from '../../../protocol/math/bn254.ts';
import { p, r } from '../../../protocol/math/field.ts';
import { decodeVerifyingKey, encodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeProof, decodeProofHex, encodeProofHex } from '../../../protocol/math/groth16-proof.ts';
import { terminate, verifyOne } from '../../../protocol/math/groth16.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { pointOutsideSubgroup, twistWords } from './twist.ts';

const { key, simulate } = makeTrapdoor(3);
const signals = [5n, 0n, r - 1n];
const words = simulate(signals);

afterAll(terminate);

describe('decodeProof', () => {
  const altered = (index: number, value: bigint): bigint[] => words.map((word, i) => (i === index ? value : word));

  it('accepts a proof and keeps its words', () => {
    expect([...decodeProof(words)]).toEqual(words);
    expect([...decodeProofHex(encodeProofHex(decodeProof(words)))]).toEqual(words);
  });

  it.each(words.map((_, i) => i))('refuses word %i plus the base field order', (i) => {
    expect(() => decodeProof(altered(i, words[i]! + p))).toThrow(expect.objectContaining({ code: 'proof/coordinate' }));
  });

  it.each(words.map((_, i) => i))('refuses a point moved off its curve in word %i', (i) => {
    expect(() => decodeProof(altered(i, (words[i]! + 1n) % p))).toThrow(
      expect.objectContaining({ code: 'proof/point' }),
    );
  });

  it('refuses B on the twist outside the subgroup', () => {
    const [x1, x0, y1, y0] = twistWords(pointOutsideSubgroup()) as [bigint, bigint, bigint, bigint];
    expect(isG2({ x: [x0, x1], y: [y0, y1] })).toBe(false);
    expect(() => decodeProof([words[0]!, words[1]!, x1, x0, y1, y0, words[6]!, words[7]!])).toThrow(
      expect.objectContaining({ code: 'proof/point' }),
    );
  });

  it.each([0, 2, 6])('refuses the neutral element at word %i', (start) => {
    const zeroed = words.map((word, i) => (i >= start && i < start + (start === 2 ? 4 : 2) ? 0n : word));
    expect(() => decodeProof(zeroed)).toThrow(expect.objectContaining({ code: 'proof/point' }));
  });

  it('refuses any other number of words', () => {
    expect(() => decodeProof(words.slice(1))).toThrow(expect.objectContaining({ code: 'proof/words' }));
    expect(() => decodeProof([...words, 0n])).toThrow(expect.objectContaining({ code: 'proof/words' }));
    expect(() => decodeProofHex('0x00')).toThrow(expect.objectContaining({ code: 'encoding/hex' }));
  });
});

describe('decodeVerifyingKey', () => {
  const json = encodeVerifyingKey(key);

  it('inverts encodeVerifyingKey', () => {
    expect(decodeVerifyingKey(JSON.parse(JSON.stringify(json)))).toEqual(key);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another protocol', { protocol: 'plonk' }],
    ['another curve', { curve: 'bls12381' }],
    ['a wrong number of signals', { nPublic: 4 }],
    ['a missing point', { vk_delta_2: undefined }],
    ['a point off the curve', { vk_alpha_1: ['1', '3', '1'] }],
    ['a coordinate + p', { vk_alpha_1: [String(key.alpha.x + p), String(key.alpha.y), '1'] }],
    ['the neutral element', { vk_alpha_1: ['0', '1', '0'] }],
    ['a number instead of a string', { vk_alpha_1: [1, 2, 1] }],
    ['a leading zero', { vk_alpha_1: ['01', '2', '1'] }],
    [
      'a twist point with another z',
      { vk_beta_2: [[...key.beta.x].map(String), [...key.beta.y].map(String), ['0', '1']] },
    ],
  ])('refuses %s', (_, change) => {
    expect(() => decodeVerifyingKey({ ...json, ...change })).toThrow(expect.objectContaining({ code: 'vkey/invalid' }));
  });

  it('refuses what is not an object', () => {
    expect(() => decodeVerifyingKey(null)).toThrow(expect.objectContaining({ code: 'vkey/invalid' }));
  });
});

describe('verifyOne', () => {
  it('accepts the proof', async () => {
    expect(await verifyOne(key, signals, words)).toBe(true);
  });

  it('refuses other signals, and a signal + r', async () => {
    expect(await verifyOne(key, [6n, 0n, r - 1n], words)).toBe(false);
    expect(await verifyOne(key, [5n + r, 0n, r - 1n], words)).toBe(false);
    expect(await verifyOne(key, [5n, -r, r - 1n], words)).toBe(false);
  });

  it('refuses a coordinate + p, which snarkjs alone would accept', async () => {
    expect(await verifyOne(key, signals, [words[0]! + p, ...words.slice(1)])).toBe(false);
  });

  it('refuses to guess when the number of signals is wrong', async () => {
    await expect(verifyOne(key, [5n, 0n], words)).rejects.toMatchObject({ code: 'proof/signals' });
  });
});

describe('isG1', () => {
  it('accepts the generator and refuses its neighbours', () => {
    expect(isG1({ x: 1n, y: 2n })).toBe(true);
    expect(isG1({ x: 1n, y: 3n })).toBe(false);
    expect(isG1({ x: 1n, y: -2n })).toBe(false);
    expect(isG2(key.beta)).toBe(true);
  });
});
