import { at, require } from '../errors.ts';
import { hashWords } from '../hash.ts';
import type { Point } from '../math/curve.ts';
import {
  add,
  combinePublic,
  equalPoints,
  isOnCurve,
  multiply,
  multiplyBase,
  multiplyPublic,
  pointWords,
} from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import { l, modScalar } from '../math/field.ts';
import type { RandomBytes } from '../random.ts';
import { eighthOfBase, eighthScalar, timesEight } from './eighth.ts';
import { hedgedNonce } from './nonce.ts';

/** One trustee's decryption of one unit: for every lane `D_j = x_j·R` where `VK_j = x_j·G` (SPEC §12.3). */
export interface DecryptionStatement {
  /** `H("decrypt", chainId, E, unit, trustee, lanes)`. */
  readonly context: bigint;
  readonly R: Point;
  readonly verificationKeys: readonly Point[];
  /** Eighths of `D_j`. */
  readonly eighths: readonly Point[];
}

/** `A`, `B` are eighths of the nonce's two points. */
export interface ChaumPedersenProof {
  readonly A: Point;
  readonly B: Point;
  readonly z: bigint;
}

/**
 * Weights of the lanes, 128 bits, the first one 1. They hash every D, so nobody can choose errors that cancel; and one
 * nonce serves all lanes only because the lanes are one equation.
 */
function weights({ context, R, verificationKeys, eighths }: DecryptionStatement): bigint[] {
  const words = [context, ...pointWords(...verificationKeys, R, ...eighths)];
  return eighths.map((_, lane) => (lane === 0 ? 1n : hashWords('decrypt-weight', [...words, BigInt(lane)]) >> 128n));
}

function challenge(context: bigint, points: readonly Point[]): bigint {
  return hashWords('decrypt-challenge', [context, ...pointWords(...points)]) >> 128n;
}

/**
 * Proves that all lanes of a partial decryption are right, by one proof over their random combination.
 *
 * @param secrets - `x_j` of each lane
 */
export function proveDecryption(
  statement: DecryptionStatement,
  secrets: readonly Scalar[],
  random: RandomBytes,
): ChaumPedersenProof {
  const { context, R, verificationKeys, eighths } = statement;
  require(secrets.length === eighths.length &&
    secrets.length === verificationKeys.length, 'decryption/lanes', 'one secret and one key a lane');
  const w = weights(statement);
  const secret = secrets.reduce<Scalar>((total, x, lane) => modScalar(total + at(w, lane) * x), modScalar(0n));
  const nonce = hedgedNonce(random, secrets, [context, ...pointWords(R, ...verificationKeys, ...eighths)]);
  const [A, B] = [eighthOfBase(nonce), multiply(R, eighthScalar(nonce))];
  const [V, W] = [combinePublic(verificationKeys, w), combinePublic(eighths.map(timesEight), w)];
  const c = challenge(context, [V, R, W, A, B]);
  return { A, B, z: modScalar(nonce + c * secret) };
}

/**
 * True if the proof holds: `z·G = 8A + c·V` and `z·R = 8B + c·W`, `z < l`, every posted point on the curve.
 * The caller vouches for `R` and the keys: points of the prime subgroup.
 */
export function verifyDecryption(statement: DecryptionStatement, { A, B, z }: ChaumPedersenProof): boolean {
  const { context, R, verificationKeys, eighths } = statement;
  if (z < 0n || z >= l || eighths.length === 0 || eighths.length !== verificationKeys.length) return false;
  if (![A, B, ...eighths].every(isOnCurve)) return false;
  const w = weights(statement);
  const [V, W] = [combinePublic(verificationKeys, w), combinePublic(eighths.map(timesEight), w)];
  const c = challenge(context, [V, R, W, A, B]);
  return (
    equalPoints(multiplyBase(z as Scalar), add(timesEight(A), multiplyPublic(V, c))) &&
    equalPoints(multiplyPublic(R, z), add(timesEight(B), multiplyPublic(W, c)))
  );
}
