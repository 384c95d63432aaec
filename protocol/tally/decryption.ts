import { addressWord } from '../acts/signature.ts';
import type { ElectionDomain } from '../acts/typed-data.ts';
import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { at, require } from '../errors.ts';
import { hashWords, keccak256 } from '../hash.ts';
import type { Point } from '../math/curve.ts';
import { equalPoints, isIdentity, isInSubgroup, isOnCurve, multiply, multiplyBase, pointWords } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import { l } from '../math/field.ts';
import type { ChaumPedersenProof } from '../proofs/chaum-pedersen.ts';
import { proveDecryption, verifyDecryption } from '../proofs/chaum-pedersen.ts';
import { eighthScalar, timesEight } from '../proofs/eighth.ts';
import type { RandomBytes } from '../random.ts';

/** One trustee's decryption of one unit as posted: eighths of `D_j = x_j·R` and their proof (SPEC §12.3). */
export interface PartialDecryption {
  readonly eighths: readonly Point[];
  readonly proof: ChaumPedersenProof;
}

/** Whose decryption of what: chain, contract, unit and trustee. */
export interface DecryptionPlace extends ElectionDomain {
  /** Global index of the unit. */
  readonly unit: number;
  readonly trustee: number;
}

function contextOf({ chainId, election, unit, trustee }: DecryptionPlace, lanes: number): bigint {
  return hashWords('decrypt', [chainId, addressWord(election), BigInt(unit), BigInt(trustee), BigInt(lanes)]);
}

/**
 * Decrypts a unit's `R` and proves it.
 *
 * @param R - the unit's sum as the trustee recomputed it: anything else may be somebody's ballot
 * @param shares - `x_j` of each lane of the contest
 * @param verificationKeys - the trustee's `VK_j` of the same lanes, from the ceremony
 * @throws `decryption/sum` if R is O or outside the subgroup, `decryption/key` if a share does not belong to its key
 */
export function makeDecryption(
  place: DecryptionPlace,
  R: Point,
  shares: readonly Scalar[],
  verificationKeys: readonly Point[],
  random: RandomBytes,
): PartialDecryption {
  require(isInSubgroup(R) && !isIdentity(R), 'decryption/sum', 'the sum is not a point that can be decrypted');
  const matches =
    shares.length === verificationKeys.length &&
    verificationKeys.every((VK, j) => equalPoints(VK, multiplyBase(at(shares, j))));
  require(matches, 'decryption/key', 'the share does not belong to the verification keys');
  const eighths = shares.map((x) => multiply(R, eighthScalar(x)));
  const context = contextOf(place, shares.length);
  return { eighths, proof: proveDecryption({ context, R, verificationKeys, eighths }, shares, random) };
}

/** True if the decryption is right for this place, sum and keys. */
export function decryptionHolds(
  place: DecryptionPlace,
  R: Point,
  verificationKeys: readonly Point[],
  { eighths, proof }: PartialDecryption,
): boolean {
  const context = contextOf(place, verificationKeys.length);
  return isInSubgroup(R) && !isIdentity(R) && verifyDecryption({ context, R, verificationKeys, eighths }, proof);
}

/** The points `D_j = 8Q_j`. */
export function decryptionPoints({ eighths }: PartialDecryption): Point[] {
  return eighths.map(timesEight);
}

/** Words as posted: `Q words, A8, B8, z`. */
export function encodeDecryption({ eighths, proof }: PartialDecryption): bigint[] {
  return [...pointWords(...eighths, proof.A, proof.B), proof.z];
}

/** Strict inverse of {@link encodeDecryption}. @throws `decryption/length`, `point/invalid`, `decryption/response` */
export function decodeDecryption(words: readonly bigint[], lanes: number): PartialDecryption {
  require(words.length ===
    2 * lanes + 5, 'decryption/length', `a decryption has ${2 * lanes + 5} words, got ${words.length}`);
  const points = Array.from({ length: lanes + 2 }, (_, i): Point => ({ x: at(words, 2 * i), y: at(words, 2 * i + 1) }));
  require(points.every(isOnCurve), 'point/invalid', 'a posted point is not on BabyJubJub');
  const z = at(words, words.length - 1);
  require(z >= 0n && z < l, 'decryption/response', 'the response is not below the subgroup order');
  return { eighths: points.slice(0, lanes), proof: { A: at(points, lanes), B: at(points, lanes + 1), z } };
}

/** `object` of the EIP-712 `Step` "decrypt": keccak256 of `unit` and the words (SPEC §7.1). */
export function decryptionObject(unit: number, words: readonly bigint[]): bigint {
  return decodeNumber(keccak256(concatBytes(...[BigInt(unit), ...words].map(encodeWord))));
}

/** The sums a trustee has ever decrypted, by unit: what the trustee's tool stores. */
export type DecryptedSums = ReadonlyMap<number, Point>;

/**
 * The journal with this sum in it. One sum a unit, for ever: a second one, handed over by a lying node, may be a ballot.
 *
 * @throws `decryption/other-sum`
 */
export function recordSum(journal: DecryptedSums, unit: number, R: Point): DecryptedSums {
  const known = journal.get(unit);
  require(known === undefined ||
    equalPoints(known, R), 'decryption/other-sum', `unit ${unit} was decrypted with another sum before`);
  return new Map([...journal, [unit, R]]);
}
