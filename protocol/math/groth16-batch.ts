import { at, require } from '../errors.ts';
import type { G2Point } from './bn254.ts';
import { isG1 } from './bn254.ts';
import { p, r } from './field.ts';
import type { VerifyingKey } from './groth16-key.ts';
import { publicCount } from './groth16-key.ts';
import { PROOF_WORDS, proofPoints } from './groth16-proof.ts';
import { loadPairingEngine } from './pairing/engine.ts';
import type { PreparedKey } from './pairing/equation.ts';
import { checkEquation } from './pairing/equation.ts';
import type { BatchItem } from './pairing/weights.ts';
import { keyHash } from './pairing/weights.ts';

/** Proofs of one multi-pairing: enough to spread the fixed cost, small enough to report progress and to bisect. */
const CHUNK = 512;

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
 * from the chain's). As strict as the precompile: canonical coordinates, points in their groups, signals < r. About 1 ms
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
