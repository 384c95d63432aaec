import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { CheckResult } from '../../../protocol/checks/check.ts';
import type { Evidence } from '../../../protocol/checks/replay/evidence.ts';
import type { HeldEvidence } from '../../protocol/checks/world/world.ts';

/** A record that one check is run over, and what the check as it stands says: a mutant that says the same survives. */
export interface Case {
  readonly name: string;
  readonly entries: readonly unknown[];
  readonly evidence: StoredEvidence;
  /** Proofs of so many first entries have been verified before. */
  readonly provedEntries: number;
  readonly expected: CheckResult;
}

/** Evidence as JSON. */
export interface StoredEvidence extends Pick<Evidence, 'build'> {
  readonly definition: Hex;
  readonly credentials: readonly Hex[];
  readonly registrations: readonly Hex[];
  readonly reasons: readonly (Hex | null)[];
  readonly circuits: readonly { readonly lanes: number; readonly verifyingKey: Hex; readonly manifest: Hex }[];
}

export function storeEvidence(evidence: HeldEvidence): StoredEvidence {
  return {
    definition: encodeHex(evidence.definition),
    credentials: evidence.credentials.map(encodeHex),
    registrations: evidence.registrations.map(encodeHex),
    reasons: evidence.reasons.map((each) => (each === undefined ? null : encodeHex(each))),
    circuits: evidence.circuits.map(({ lanes, verifyingKey, manifest }) => ({
      ...{ lanes, verifyingKey: encodeHex(verifyingKey), manifest: encodeHex(manifest) },
    })),
    build: evidence.build,
  };
}

export function loadEvidence(stored: StoredEvidence): Evidence {
  return {
    definition: decodeHex(stored.definition),
    credentials: stored.credentials.map((each) => decodeHex(each)),
    registrations: stored.registrations.map((each) => decodeHex(each)),
    reasons: stored.reasons.map((each) => (each === null ? undefined : decodeHex(each))),
    circuits: stored.circuits.map(({ lanes, verifyingKey, manifest }) => ({
      ...{ lanes, verifyingKey: decodeHex(verifyingKey), manifest: decodeHex(manifest) },
    })),
    build: stored.build,
  };
}
