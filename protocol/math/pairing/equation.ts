import { UrnaError, at } from '../../errors.ts';
import type { G1Point, G2Point } from '../bn254.ts';
import { r } from '../field.ts';
import type { VerifyingKey } from '../groth16-key.ts';
import { proofPoints } from '../groth16-proof.ts';
import type { PairingEngine } from './engine.ts';
import { withMemory, writeElements, writeWords } from './engine.ts';
import { PAIR } from './lines.ts';
import { millerBytes, multiMiller, setRatios } from './miller.ts';
import type { BatchItem, Weight } from './weights.ts';
import { batchWeights, timesWeight, writeBeta, writeMultiples } from './weights.ts';

/** A verifying key with the constants of one poll. */
export interface PreparedKey {
  readonly engine: PairingEngine;
  readonly key: VerifyingKey;
  /** The first public signals, equal for all updates of the poll (SPEC §10). */
  readonly constants: readonly bigint[];
  /** Of key and constants: where the seeds of weights start. */
  readonly hash: Uint8Array;
}

/** What one weighted equation says about its items. */
export interface EquationAnswer {
  readonly holds: boolean;
  /** Items whose B is outside the subgroup; then nothing is said about the others. */
  readonly outside: readonly number[];
}

/**
 * `Π e(w_k·A_k, B_k) = e((Σw_k)·α, β) · e(K, γ) · e(Σ w_k·C_k, δ)` with `K` the weighted public inputs (SPEC §11).
 *
 * @param items - well formed: canonical, A and C on the curve, B on the twist, none of them O
 */
export function checkEquation(prepared: PreparedKey, items: readonly BatchItem[]): EquationAnswer {
  const { engine, key } = prepared;
  const count = items.length;
  const pairCount = count + 3;
  const bytes = pairCount * (PAIR.BYTES + 96 + 32) + count * 320 + key.ic.length * 96 + millerBytes(pairCount) + 8192;
  const weights = batchWeights(prepared.hash, items);
  return withMemory(engine, bytes, (alloc) => {
    const pairs = alloc(pairCount * PAIR.BYTES);
    const points = alloc(pairCount * 96);
    items.forEach(({ proof }, k) => writeTwist(engine, pairs + k * PAIR.BYTES, proofPoints(proof).b));
    [key.beta, key.gamma, key.delta].forEach((Q, i) => writeTwist(engine, pairs + (count + i) * PAIR.BYTES, Q));
    writeLeftSides(engine, alloc, items, weights, points);
    const [alphaSum, inputSum, cSum] = [points + count * 96, points + (count + 1) * 96, points + (count + 2) * 96];
    writeAlphaSum(engine, alloc, key, weights, alphaSum);
    writeInputSum(engine, alloc, prepared, items, weights, inputSum);
    writeCSum(engine, alloc, items, weights, cSum);
    for (const point of [alphaSum, inputSum, cSum]) {
      // e(O, ·) = 1, but O has no affine y; with weights from a hash this does not happen.
      if (engine.wasm.g1m_isZero(point) !== 0)
        throw new UrnaError('internal/pairing', 'a weighted sum is the neutral element');
      engine.wasm.g1m_neg(point, point);
    }
    setRatios(engine, alloc, pairs, points, pairCount);
    const { product, outside } = multiMiller(engine, alloc, pairs, pairCount);
    engine.wasm.bn128_finalExponentiation(product, product);
    const holds = outside.length === 0 && engine.wasm.ftm_isOne(product) !== 0;
    return { holds, outside };
  });
}

function writeTwist(engine: PairingEngine, address: number, { x, y }: G2Point): void {
  writeElements(engine, address, [...x, ...y]);
}

/** `w_k·A_k` of each item. */
function writeLeftSides(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  items: readonly BatchItem[],
  weights: readonly Weight[],
  points: number,
): void {
  const [multiples, beta] = [alloc(192), alloc(32)];
  writeBeta(engine, beta);
  items.forEach(({ proof }, k) => {
    const { a } = proofPoints(proof);
    writeElements(engine, multiples, [a.x, a.y]);
    writeMultiples(engine, multiples, beta);
    timesWeight(engine, multiples, at(weights, k), points + k * 96);
  });
}

/** `(Σ w_k)·α`. */
function writeAlphaSum(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  { alpha }: VerifyingKey,
  weights: readonly Weight[],
  result: number,
): void {
  writeCombination(engine, alloc, [alpha], [sumOf(weights)], result);
}

function sumOf(weights: readonly Weight[]): bigint {
  return weights.reduce((total, { value }) => (total + value) % r, 0n);
}

/** `(Σ w_k)·(IC_0 + Σ constants·IC) + Σ_i (Σ_k w_k·signal_{k,i})·IC_i`. */
function writeInputSum(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  { key, constants }: PreparedKey,
  items: readonly BatchItem[],
  weights: readonly Weight[],
  result: number,
): void {
  const total = sumOf(weights);
  const scalars = [total, ...constants.map((constant) => (total * constant) % r)];
  const signals = at(items, 0).signals.length;
  for (let i = 0; i < signals; i++) {
    scalars.push(items.reduce((sum, item, k) => sum + at(weights, k).value * at(item.signals, i), 0n) % r);
  }
  writeCombination(engine, alloc, key.ic, scalars, result);
}

/** `Σ scalars·points` by the engine's multi-scalar multiplication. */
function writeCombination(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  points: readonly G1Point[],
  scalars: readonly bigint[],
  result: number,
): void {
  const [bases, words] = [alloc(points.length * 64), alloc(points.length * 32)];
  writeElements(
    engine,
    bases,
    points.flatMap(({ x, y }) => [x, y]),
  );
  writeWords(engine, words, scalars);
  engine.wasm.g1m_multiexpAffine(bases, words, 32, points.length, result);
}

/** `Σ w_k·C_k`: over C and λC with 64-bit halves. */
function writeCSum(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  items: readonly BatchItem[],
  weights: readonly Weight[],
  result: number,
): void {
  // A third multiple is written behind each pair and overwritten by the next.
  const [bases, halves, beta] = [alloc(items.length * 128 + 64), alloc(items.length * 16), alloc(32)];
  writeBeta(engine, beta);
  const view = new DataView(engine.memory.buffer, halves, items.length * 16);
  items.forEach(({ proof }, k) => {
    const { c } = proofPoints(proof);
    writeElements(engine, bases + k * 128, [c.x, c.y]);
    writeMultiples(engine, bases + k * 128, beta);
    view.setBigUint64(k * 16, at(weights, k).low, true);
    view.setBigUint64(k * 16 + 8, at(weights, k).high, true);
  });
  engine.wasm.g1m_multiexpAffine(bases, halves, 8, items.length * 2, result);
}
