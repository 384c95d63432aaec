import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { at, require } from '../errors.ts';
import { hashWords, keccak256 } from '../hash.ts';
import type { Point } from '../math/curve.ts';
import { isOnCurve, pointWords } from '../math/curve.ts';
import { l } from '../math/field.ts';
import { fromEighth } from '../proofs/eighth.ts';
import type { SchnorrProof, SchnorrStatement } from '../proofs/schnorr.ts';
import { proveConstantTerms, verifyConstantTerms } from '../proofs/schnorr.ts';
import type { RandomBytes } from '../random.ts';
import type { Polynomial } from './polynomial.ts';
import { commitPolynomials } from './polynomial.ts';
import type { CeremonySetup } from './setup.ts';
import { ceremonyBase, requireTrustee } from './setup.ts';
import { isTransportKey } from './transport.ts';

/** What a trustee reveals in stage 2 (SPEC §7). */
export interface Reveal {
  /** Eighths of the Feldman commitments as posted, `[lane][k]`. */
  readonly eighths: readonly (readonly Point[])[];
  /** The commitments themselves, `F = 8Q`, in the prime subgroup and not O. */
  readonly commitments: readonly (readonly Point[])[];
  readonly proof: SchnorrProof;
  /** 32 bytes. */
  readonly transportKey: Uint8Array;
}

function statementOf(
  setup: CeremonySetup,
  attempt: number,
  trustee: number,
  eighths: Reveal['eighths'],
  key: Uint8Array,
): SchnorrStatement {
  return { base: ceremonyBase(setup, attempt), trustee, eighths, transportKey: decodeNumber(key) };
}

/** The reveal of these polynomials and this transport key, with its proof. */
export function makeReveal(
  setup: CeremonySetup,
  attempt: number,
  trustee: number,
  secret: { readonly polynomials: readonly Polynomial[]; readonly transportKey: Uint8Array },
  random: RandomBytes,
): Reveal {
  requireTrustee(setup, trustee);
  const eighths = commitPolynomials(secret.polynomials);
  const statement = statementOf(setup, attempt, trustee, eighths, secret.transportKey);
  const constants = secret.polynomials.map((polynomial) => at(polynomial, 0));
  const proof = proveConstantTerms(statement, constants, random);
  const commitments = eighths.map((lane) => lane.map((Q) => fromEighth(Q)));
  return { eighths, commitments, proof, transportKey: secret.transportKey };
}

/** Words of a reveal in the contract's order: `Q[lane][k]`, `K`, `z`, `transportKey`. */
export function encodeReveal({ eighths, proof, transportKey }: Reveal): bigint[] {
  return [...pointWords(...eighths.flat(), proof.K), proof.z, decodeNumber(transportKey)];
}

/** Number of words in a reveal. */
export function revealLength({ lanes, threshold }: CeremonySetup): number {
  return 2 * lanes * threshold + 4;
}

/**
 * Strict inverse of {@link encodeReveal}. The proof is not checked here.
 *
 * @throws `ceremony/length`, `point/invalid` (≥ r, off the curve, 8Q = O), `ceremony/response` (z ≥ l), `ceremony/transport-key`
 */
export function decodeReveal(setup: CeremonySetup, words: readonly bigint[]): Reveal {
  const { lanes, threshold } = setup;
  require(words.length ===
    revealLength(setup), 'ceremony/length', `a reveal has ${revealLength(setup)} words, got ${words.length}`);
  const pointAt = (index: number): Point => ({ x: at(words, 2 * index), y: at(words, 2 * index + 1) });
  const eighths = Array.from({ length: lanes }, (_, lane) =>
    Array.from({ length: threshold }, (_, k) => pointAt(lane * threshold + k)),
  );
  const commitments = eighths.map((lane) => lane.map((Q) => fromEighth(Q)));
  const K = pointAt(lanes * threshold);
  require(isOnCurve(K), 'point/invalid', 'the nonce’s point is not on BabyJubJub');
  const z = at(words, words.length - 2);
  require(z >= 0n && z < l, 'ceremony/response', 'the response is not below the subgroup order');
  const transportKey = encodeWord(at(words, words.length - 1));
  require(isTransportKey(transportKey), 'ceremony/transport-key', 'the transport key is not usable');
  return { eighths, commitments, proof: { K, z }, transportKey };
}

/** True if the reveal's proof of knowledge holds for this trustee, attempt and contract. */
export function revealHolds(setup: CeremonySetup, attempt: number, trustee: number, reveal: Reveal): boolean {
  const statement = statementOf(setup, attempt, trustee, reveal.eighths, reveal.transportKey);
  return verifyConstantTerms(
    statement,
    reveal.commitments.map((lane) => at(lane, 0)),
    reveal.proof,
  );
}

/** `revealHash = keccak256(words of the reveal)`. */
export function revealHash(words: readonly bigint[]): bigint {
  return decodeNumber(keccak256(concatBytes(...words.map(encodeWord))));
}

/** What is posted in stage 1: `H("ceremony-commit", ceremonyBase, trustee, revealHash)`. */
export function commitHash(setup: CeremonySetup, attempt: number, trustee: number, hash: bigint): bigint {
  return hashWords('ceremony-commit', [ceremonyBase(setup, attempt), BigInt(trustee), hash]);
}
