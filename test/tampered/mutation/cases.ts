import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { CheckResult } from '../../../protocol/checks/check.ts';
import type { Report } from '../../../protocol/checks/run.ts';
import type { Evidence, PublishedBytes } from '../../../protocol/checks/replay/evidence.ts';
import type { HeldEvidence } from '../../protocol/checks/world/world.ts';

/** A record that one check is run over, and what the check as it stands says: a mutant that says the same survives. */
export interface Case {
  readonly name: string;
  readonly entries: readonly unknown[];
  readonly evidence: StoredEvidence;
  /** Proofs of so many first entries have been verified before. */
  readonly provedEntries: number;
  readonly expected: CheckResult;
  /** How boxes kept to their turns, which stands beside the checks in the report. */
  readonly rounds: Report['rounds'];
}

/** Evidence as JSON. */
export interface StoredEvidence extends Pick<Evidence, 'build'> {
  readonly definition: Hex;
  /** Of a list that is too long to be written down, how many zeros it has. */
  readonly credentials: readonly (Hex | { readonly zeros: number })[];
  readonly registrations: readonly Hex[];
  readonly reasons: readonly (Hex | null)[];
  readonly circuits: readonly { readonly lanes: number; readonly verifyingKey: Hex; readonly manifest: Hex }[];
  readonly seals: Hex | null;
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
    seals: evidence.seals === undefined ? null : encodeHex(evidence.seals),
    build: evidence.build,
  };
}

export function loadEvidence(stored: StoredEvidence): Evidence {
  return {
    definition: decodeHex(stored.definition),
    credentials: stored.credentials.map((each) => (typeof each === 'string' ? decodeHex(each) : zeros(each.zeros))),
    registrations: stored.registrations.map((each) => decodeHex(each)),
    reasons: stored.reasons.map((each) => (each === null ? undefined : decodeHex(each))),
    circuits: stored.circuits.map(({ lanes, verifyingKey, manifest }) => ({
      ...{ lanes, verifyingKey: decodeHex(verifyingKey), manifest: decodeHex(manifest) },
    })),
    seals: stored.seals === null ? undefined : decodeHex(stored.seals),
    build: stored.build,
  };
}

const PIECE = 2 ** 20;

/** A published file of so many zeros, in pieces. */
function zeros(length: number): PublishedBytes {
  return async function* () {
    for (let rest = length; rest > 0; rest -= PIECE) yield Promise.resolve(new Uint8Array(Math.min(rest, PIECE)));
  };
}
