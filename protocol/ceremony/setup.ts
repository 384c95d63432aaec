import { addressWord } from '../acts/signature.ts';
import type { ElectionDomain } from '../acts/typed-data.ts';
import { require } from '../errors.ts';
import { hashWords } from '../hash.ts';

/** What is fixed for all attempts of an election's key ceremony (SPEC §7). */
export interface CeremonySetup extends ElectionDomain {
  /** Number of trustees; their indices are 1..trustees. */
  readonly trustees: number;
  /** Trustees needed to decrypt, `t`. */
  readonly threshold: number;
  /** Lanes that get a key. */
  readonly lanes: number;
  /** Seconds a stage lasts at most. */
  readonly stageSeconds: number;
}

/** `ceremonyBase = H("ceremony", chainId, E, attempt)`: every hash of an attempt starts with it. */
export function ceremonyBase({ chainId, election }: ElectionDomain, attempt: number): bigint {
  return hashWords('ceremony', [chainId, addressWord(election), BigInt(attempt)]);
}

/** @throws `ceremony/setup` unless 1 ≤ threshold ≤ trustees ≤ 32, 1 ≤ lanes ≤ 8 */
export function requireSetup({ trustees, threshold, lanes, stageSeconds }: CeremonySetup): void {
  const whole = [trustees, threshold, lanes, stageSeconds].every((x) => Number.isSafeInteger(x) && x >= 1);
  require(whole &&
    threshold <= trustees &&
    trustees <= 32 &&
    lanes <= 8, 'ceremony/setup', 'impossible ceremony: check trustees, threshold, lanes');
}

/** @throws `ceremony/index` unless `trustee` is a trustee's index */
export function requireTrustee({ trustees }: CeremonySetup, trustee: number): void {
  require(Number.isInteger(trustee) &&
    trustee >= 1 &&
    trustee <= trustees, 'ceremony/index', `no trustee has index ${trustee}`);
}
