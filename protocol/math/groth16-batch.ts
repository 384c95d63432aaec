import { UrnaError, at, require } from '../errors.ts';
import type { G1Point, G2Point } from './bn254.ts';
import { isG1 } from './bn254.ts';
import { p, r } from './field.ts';
import type { VerifyingKey } from './groth16-key.ts';
import { publicCount } from './groth16-key.ts';
import { PROOF_WORDS, proofPoints } from './groth16-proof.ts';
import type { PairingEngine } from './pairing/engine.ts';
import { loadPairingEngine, withMemory, writeElements, writeWords } from './pairing/engine.ts';
import { PAIR_BYTES, millerBytes, multiMiller, setRatios } from './pairing/miller.ts';
import type { BatchItem, Weight } from './pairing/weights.ts';
import { batchWeights, keyHash, timesWeight, writeBeta, writeEndomorphism } from './pairing/weights.ts';

/** A verifying key with the constants of one poll. */
export interface PreparedKey {
  readonly engine: PairingEngine;
  readonly key: VerifyingKey;
  /** The first public signals, equal for all updates of the poll (SPEC §10). */
  readonly constants: readonly bigint[];
  readonly hash: Uint8Array;
}

/** Proofs of one multi-pairing: enough to spread the fixed cost, small enough to report progress and to bisect. */
const CHUNK = 256;

/**
 * A key prepared for the updates of one poll.
 *
 * @param constants - the poll's public signals, which come first; none for a circuit without constants
 * @throws `proof/signals` if a constant is ≥ r or there are too many
 */
export async function prepareKey(key: VerifyingKey, constants: readonly bigint[]): Promise<PreparedKey> {
  const valid = constants.length <= publicCount(key) && constants.every(isSignal);
  require(valid, 'proof/signals', 'the constants are not the first public signals of this circuit');
  return { engine: await loadPairingEngine(), key, constants, hash: keyHash(key, constants) };
}

/**
 * Verifies many proofs of one poll by one weighted equation a chunk (SPEC §11; the weights hash everything, so they differ
 * from the chain's). As strict as the precompile: canonical coordinates, points in their groups, signals < r. About 0.6 ms
 * a proof on one core; runs without a pause, so callers with something else to do give it a thread.
 *
 * @param onProgress - called with the number of items done
 * @returns the indices of items that are not proved, ascending; empty if all are
 * @throws `proof/signals` if an item has a wrong number of signals
 */
export function verifyBatch(
  prepared: PreparedKey,
  items: readonly BatchItem[],
  onProgress?: (done: number) => void,
): number[] {
  const count = publicCount(prepared.key) - prepared.constants.length;
  for (const { signals } of items) {
    require(signals.length ===
      count, 'proof/signals', `an update has ${count} public signals here, got ${signals.length}`);
  }
  const failed: number[] = [];
  for (let start = 0; start < items.length; start += CHUNK) {
    const indices = Array.from({ length: Math.min(CHUNK, items.length - start) }, (_, i) => start + i);
    failed.push(...findFailures(prepared, items, indices));
    onProgress?.(start + indices.length);
  }
  return failed.sort((a, b) => a - b);
}

function isSignal(value: bigint): boolean {
  return value >= 0n && value < r;
}

/** Everything but the subgroup of B, which the Miller loop tells. */
function isWellFormed({ signals, proof }: BatchItem): boolean {
  if (proof.length !== PROOF_WORDS || !signals.every(isSignal) || !proof.every((word) => word >= 0n && word < p))
    return false;
  const { a, b, c } = proofPoints(proof);
  return isG1(a) && isG1(c) && isOnTwist(b);
}

/** b of the twist y² = x³ + 3/ξ. */
const TWIST_B: readonly [bigint, bigint] = [
  19485874751759354771024239261021720505790618469301721065564631296452457478373n,
  266929791119991161246907387137283842545076965332900288569378510910307636690n,
];

function isOnTwist({ x: [x0, x1], y: [y0, y1] }: G2Point): boolean {
  const square = [(x0 + x1) * (x0 + p - x1), 2n * x0 * x1] as const;
  const real = y0 * y0 - y1 * y1 - (square[0] % p) * x0 + (square[1] % p) * x1 - TWIST_B[0];
  const imaginary = 2n * y0 * y1 - (square[0] % p) * x1 - (square[1] % p) * x0 - TWIST_B[1];
  return real % p === 0n && imaginary % p === 0n;
}

/** The indices, among `indices`, of items that are not proved: malformed ones at once, others by bisection. */
function findFailures(prepared: PreparedKey, items: readonly BatchItem[], indices: readonly number[]): number[] {
  const formed = indices.filter((index) => isWellFormed(at(items, index)));
  const malformed = indices.filter((index) => !formed.includes(index));
  return [...malformed, ...bisect(prepared, items, formed)];
}

function bisect(prepared: PreparedKey, items: readonly BatchItem[], indices: readonly number[]): number[] {
  if (indices.length === 0) return [];
  const { holds, outside } = checkEquation(
    prepared,
    indices.map((index) => at(items, index)),
  );
  if (outside.length > 0) {
    const bad = outside.map((k) => at(indices, k));
    return [
      ...bad,
      ...bisect(
        prepared,
        items,
        indices.filter((index) => !bad.includes(index)),
      ),
    ];
  }
  if (holds) return [];
  if (indices.length === 1) return [...indices];
  const middle = indices.length >> 1;
  return [...bisect(prepared, items, indices.slice(0, middle)), ...bisect(prepared, items, indices.slice(middle))];
}

interface EquationAnswer {
  readonly holds: boolean;
  /** Items whose B is outside the subgroup; then nothing is said about the others. */
  readonly outside: readonly number[];
}

/** The weighted equation over well-formed items. */
function checkEquation(prepared: PreparedKey, items: readonly BatchItem[]): EquationAnswer {
  const { engine, key } = prepared;
  const count = items.length;
  const pairCount = count + 3;
  const bytes = pairCount * (PAIR_BYTES + 96 + 32) + count * 320 + key.ic.length * 96 + millerBytes(pairCount) + 8192;
  const weights = batchWeights(prepared.hash, items);
  return withMemory(engine, bytes, (alloc) => {
    const pairs = alloc(pairCount * PAIR_BYTES);
    const points = alloc(pairCount * 96);
    items.forEach(({ proof }, k) => writeTwist(engine, pairs + k * PAIR_BYTES, proofPoints(proof).b));
    [key.beta, key.gamma, key.delta].forEach((Q, i) => writeTwist(engine, pairs + (count + i) * PAIR_BYTES, Q));
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
  const [affine, space, beta] = [alloc(128), alloc(4 * 96), alloc(32)];
  writeBeta(engine, beta);
  items.forEach(({ proof }, k) => {
    const { a } = proofPoints(proof);
    writeElements(engine, affine, [a.x, a.y]);
    writeEndomorphism(engine, affine, beta);
    timesWeight(engine, affine, at(weights, k), points + k * 96, space);
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
  const [bases, halves, beta] = [alloc(items.length * 128), alloc(items.length * 16), alloc(32)];
  writeBeta(engine, beta);
  const view = new DataView(engine.memory.buffer, halves, items.length * 16);
  items.forEach(({ proof }, k) => {
    const { c } = proofPoints(proof);
    writeElements(engine, bases + k * 128, [c.x, c.y]);
    writeEndomorphism(engine, bases + k * 128, beta);
    view.setBigUint64(k * 16, at(weights, k).low, true);
    view.setBigUint64(k * 16 + 8, at(weights, k).high, true);
  });
  engine.wasm.g1m_multiexpAffine(bases, halves, 8, items.length * 2, result);
}
