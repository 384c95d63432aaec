import { decodeNumber } from '../encoding.ts';
import { hashWords, sha256 } from '../hash.ts';

/** A circuit as a definition commits to it. */
export interface CommittedCircuit {
  readonly lanes: number;
  /** Bytes of its `manifest.json`, which holds the hashes of all its other files (SPEC §13). */
  readonly manifest: Uint8Array;
}

/**
 * `setupHash` of a definition (SPEC §13): `H("setup", lanes, SHA-256 of the manifest, …)` over the circuits that its
 * contests use, each once, by increasing lanes.
 */
export function setupHash(circuits: readonly CommittedCircuit[]): bigint {
  const ordered = [...circuits].sort((a, b) => a.lanes - b.lanes);
  return hashWords(
    'setup',
    ordered.flatMap(({ lanes, manifest }) => [BigInt(lanes), decodeNumber(sha256(manifest))]),
  );
}
