import type { Seals } from '../../../protocol/seals/seals-file.ts';
import { decodeSeals, encodeSeals } from '../../../protocol/seals/seals-file.ts';
import type { Forged } from './reseal.ts';
import { reseal, turnsFrom } from './reseal.ts';
import type { SealedElection } from './vector.ts';

/** A record of a sealed chain that is not what it says, or one that is unusual and right. */
export interface SealLie {
  readonly lie: string;
  /** The only check that fails; none for what is right. */
  readonly check: 20 | undefined;
  /** Words of what our verifier says of it. */
  readonly says: string;
  readonly forge: (true_: SealedElection) => SealedElection;
}

export function lie(words: string, says: string, forge: SealLie['forge']): SealLie {
  return { lie: words, check: 20, says, forge };
}

export function right(words: string, forge: SealLie['forge']): SealLie {
  return { lie: words, check: undefined, says: 'A majority of the validators', forge };
}

export function withSeals(election: SealedElection, seals: Uint8Array | undefined): SealedElection {
  return { ...election, evidence: { ...election.evidence, seals } };
}

export const sealsOf = ({ evidence }: SealedElection): Seals => decodeSeals(evidence.seals ?? new Uint8Array());

export function withHeaders(
  election: SealedElection,
  change: (headers: readonly Uint8Array[]) => readonly Uint8Array[],
): SealedElection {
  const { headers, nodes } = sealsOf(election);
  return withSeals(election, encodeSeals({ headers: change(headers), nodes }));
}

/** The true run sealed anew, by default by each validator in turn. */
export function resealed(election: SealedElection, forged: (turns: number[]) => Forged): SealedElection {
  return withHeaders(election, (headers) => {
    return reseal(headers, election.keys, forged(turnsFrom(headers, election.keys)));
  });
}

/** Without the last batch of ballots. */
export function thinned(election: SealedElection): SealedElection {
  const last = election.entries.findLastIndex(({ kind }) => kind === 'updates');
  return { ...election, entries: election.entries.slice(0, last) };
}
