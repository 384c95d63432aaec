import { describe, expect, it } from '@jest/globals';
import { size } from 'viem';
import { decodeBatch, encodeBatch, firstStride, laterStride } from '../../../contracts/ballots/batch.ts';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import {
  circuitKeyCreation,
  circuitKeyRuntime,
  circuitKeyWords,
  circuitLanes,
} from '../../../contracts/ballots/circuit-key.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof UrnaError ? error.code : undefined;
  }
  return undefined;
}

const point = (k: bigint): { x: bigint; y: bigint } => ({ x: k, y: k + 1n });
const ciphertext = (k: bigint, lanes: number) => ({
  R: point(k),
  C: Array.from({ length: lanes }, (_, j) => point(k + 10n * BigInt(j + 1))),
});
const proof = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
const posted = (nullifier: bigint, fresh: boolean, lanes: number): PostedUpdate => ({
  update: { nullifier: nullifier as Field, fresh, old: ciphertext(1000n, lanes), next: ciphertext(2000n, lanes) },
  previousHead: 9n,
  proof,
});

describe('encodeBatch and decodeBatch', () => {
  it('round-trip, first casts before later updates', () => {
    for (const lanes of [1, 4, 8]) {
      const batch = encodeBatch([posted(1n, false, lanes), posted(2n, true, lanes), posted(3n, false, lanes)]);
      expect(batch.firsts.length).toBe(firstStride(lanes));
      expect(batch.laters.length).toBe(2 * laterStride(lanes));
      const next = ciphertext(2000n, lanes);
      const old = ciphertext(1000n, lanes);
      expect(decodeBatch(batch, lanes)).toEqual([
        { nullifier: 2n, previousHead: undefined, old: undefined, next, proof },
        { nullifier: 1n, previousHead: 9n, old, next, proof },
        { nullifier: 3n, previousHead: 9n, old, next, proof },
      ]);
    }
  });
  it('refuse no entries, more than 200, half an entry and half a proof', () => {
    expect(codeOf(() => encodeBatch([]))).toBe('batch/size');
    const many = Array.from({ length: 201 }, () => posted(1n, true, 1));
    expect(codeOf(() => encodeBatch(many))).toBe('batch/size');
    expect(codeOf(() => decodeBatch({ firsts: [1n], laters: [] }, 1))).toBe('batch/words');
    const half = { ...posted(1n, true, 1), proof: proof.slice(1) };
    expect(codeOf(() => encodeBatch([half]))).toBe('proof/words');
  });
});

describe('circuit keys', () => {
  it('are 0x00 and the words; creation code puts a header in front', () => {
    const { key } = makeTrapdoor(14 + 12 * 4);
    expect(circuitLanes(key)).toBe(4);
    expect(circuitKeyWords(key).length).toBe(14 + 2 * (15 + 12 * 4));
    const runtime = circuitKeyRuntime(key);
    expect(size(runtime)).toBe(1 + 32 * circuitKeyWords(key).length);
    expect(runtime.startsWith('0x00')).toBe(true);
    expect(circuitKeyCreation(key).endsWith(runtime.slice(2))).toBe(true);
  });
  it('refuse keys of other circuits and gamma = delta', () => {
    expect(codeOf(() => circuitKeyWords(makeTrapdoor(25).key))).toBe('vkey/signals');
    const { key } = makeTrapdoor(26);
    expect(codeOf(() => circuitKeyWords({ ...key, delta: key.gamma }))).toBe('vkey/delta');
  });
});
