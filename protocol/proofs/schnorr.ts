import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { at } from '../errors.ts';
import { hashWords, keccak256 } from '../hash.ts';
import type { Point } from '../math/curve.ts';
import { add, combinePublic, equalPoints, isOnCurve, multiplyBase, pointWords } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import { l, modScalar } from '../math/field.ts';
import type { RandomBytes } from '../random.ts';
import { eighthOfBase, timesEight } from './eighth.ts';
import { hedgedNonce } from './nonce.ts';

/** What the batched proof of knowledge of one reveal speaks about; everything here enters the challenge (SPEC §7). */
export interface SchnorrStatement {
  /** `ceremonyBase`: chain, contract and attempt. */
  readonly base: bigint;
  readonly trustee: number;
  /** Eighths of the Feldman commitments, `[lane][k]`; the proof is for the constant terms, `k = 0`. */
  readonly eighths: readonly (readonly Point[])[];
  /** The X25519 key's 32 bytes as a word. */
  readonly transportKey: bigint;
}

/** `K` is the eighth of the nonce's point. */
export interface SchnorrProof {
  readonly K: Point;
  readonly z: bigint;
}

/** The 128-bit exponents `e_j`, one a lane. */
function challenges({ base, trustee, eighths, transportKey }: SchnorrStatement, K: Point): bigint[] {
  const [lanes, threshold] = [eighths.length, at(eighths, 0).length];
  const c = hashWords('ceremony-schnorr', [
    base,
    BigInt(trustee),
    BigInt(lanes),
    BigInt(threshold),
    transportKey,
    ...pointWords(...eighths.flat()),
    ...pointWords(K),
  ]);
  return eighths.map(
    (_, lane) => decodeNumber(keccak256(concatBytes(encodeWord(c), encodeWord(BigInt(lane))))) >> 128n,
  );
}

/**
 * Proves knowledge of the constant terms of all lanes at once (SPEC §7).
 *
 * @param secrets - the constant term of each lane
 */
export function proveConstantTerms(
  statement: SchnorrStatement,
  secrets: readonly Scalar[],
  random: RandomBytes,
): SchnorrProof {
  const nonce = hedgedNonce(random, secrets, [
    statement.base,
    BigInt(statement.trustee),
    statement.transportKey,
    ...pointWords(...statement.eighths.flat()),
  ]);
  const K = eighthOfBase(nonce);
  const e = challenges(statement, K);
  return { K, z: secrets.reduce((z, secret, lane) => modScalar(z + at(e, lane) * secret), nonce) };
}

/**
 * True if the proof holds: `z·G = 8K + Σ_j e_j·F[j][0]` and `z < l`.
 *
 * @param constantTerms - `F[j][0] = 8·eighths[j][0]`, one a lane
 */
export function verifyConstantTerms(
  statement: SchnorrStatement,
  constantTerms: readonly Point[],
  { K, z }: SchnorrProof,
): boolean {
  if (z < 0n || z >= l || !isOnCurve(K) || constantTerms.length !== statement.eighths.length) return false;
  const e = challenges(statement, K);
  const right = combinePublic(constantTerms, e);
  return equalPoints(multiplyBase(z as Scalar), add(timesEight(K), right));
}
