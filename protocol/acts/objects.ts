import type { Hex } from '../encoding.ts';
import { hashWords } from '../hash.ts';
import { addressWord } from './signature.ts';

/** The contracts of one election, beside `Election` itself. */
export interface ElectionParts {
  readonly roll: Hex;
  readonly ceremony: Hex;
  readonly ballots: Hex;
  readonly tally: Hex;
}

/** What the credential authority sealed for one district. */
export interface SealedCredentials {
  readonly root: bigint;
  readonly count: bigint;
  readonly reserveRoot: bigint;
  readonly reserveCount: bigint;
}

/** Object of `approve`: definition, configuration and contracts that the quorum compared (SPEC §12.1). */
export function approveObject(definitionHash: bigint, configHash: bigint, parts: ElectionParts): bigint {
  const { roll, ceremony, ballots, tally } = parts;
  return hashWords('approve', [definitionHash, configHash, ...[roll, ceremony, ballots, tally].map(addressWord)]);
}

/** Object of `credentials`: the sealed lists, in the order of districts (SPEC §12.1). */
export function credentialsObject(districts: readonly SealedCredentials[]): bigint {
  return hashWords(
    'credentials',
    districts.flatMap(({ root, count, reserveRoot, reserveCount }) => [root, count, reserveRoot, reserveCount]),
  );
}

/** Object of `version`: the roll version that may begin (SPEC §12.1). */
export function versionObject(version: bigint, registrationsRoot: bigint, reasonsHash: bigint): bigint {
  return hashWords('version', [version, registrationsRoot, reasonsHash]);
}

/** Object of `seal`: the roll version that is frozen (SPEC §12.1). */
export function sealObject(version: bigint, registrationsRoot: bigint, sealedRootsHash: bigint): bigint {
  return hashWords('seal', [version, registrationsRoot, sealedRootsHash]);
}

/** Object of `extend` (SPEC §12.1); `closesAt` in Unix seconds. */
export function extendObject(closesAt: bigint, reasonHash: bigint): bigint {
  return hashWords('extend', [closesAt, reasonHash]);
}

/** Object of `cancel` (SPEC §12.1). */
export function cancelObject(reasonHash: bigint): bigint {
  return hashWords('cancel', [reasonHash]);
}

/** Object of `certify` (SPEC §12.1). */
export function certifyObject(resultHash: bigint): bigint {
  return hashWords('certify', [resultHash]);
}

/** Object of `anchor`: the record's hash after so many entries (SPEC §12.1, §14.4). */
export function anchorObject(entries: bigint, hash: bigint): bigint {
  return hashWords('anchor', [entries, hash]);
}
