import { applyEntry, startPlainReplay } from '../../../protocol/checks/replay/replay.ts';
import type { Replay } from '../../../protocol/checks/replay/replay.ts';
import { require } from '../../../protocol/errors.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { requireDefined } from './defined.ts';

/** Entries of a record, one at a time. */
export type Entries = AsyncIterable<Entry> | Iterable<Entry>;

/** What a record says beside its ballots. Of a city it holds the roll, never the updates. */
export interface ElectionView {
  /** Without polls and units: whoever needs those asks for a {@link CountableView}. */
  readonly replay: Omit<Replay, 'polls' | 'tally'>;
  /** The entries `approve` and `ceremony-*`, in order: from these the trustees' keys are made again. */
  readonly ceremony: readonly Entry[];
  /** Acts executed so far. */
  readonly acts: number;
  readonly cancelled: boolean;
  readonly certified: boolean;
  /** Entries up to the last `updates`; 0 while there is none. */
  readonly ballotsEnd: number;
  /** Entries that an anchor covers, the most of all; 0 without one. */
  readonly anchored: number;
}

/** An election with its ballots added up: of each slot its head and round are held, 65 bytes and their table's slack. */
export interface CountableView extends ElectionView {
  readonly replay: Replay;
}

/** A view that is being made. */
export type Noted = { -readonly [K in keyof Omit<ElectionView, 'replay' | 'ceremony'>]: ElectionView[K] } & {
  readonly ceremony: Entry[];
  /** Entries noted so far, and whether `defined` was one of them. */
  entries: number;
  defined: boolean;
};

/** Before the first entry. */
export function startNotes(): Noted {
  const empty = { acts: 0, cancelled: false, certified: false, ballotsEnd: 0, anchored: 0 };
  return { ...empty, ceremony: [], entries: 0, defined: false };
}

/** Notes of an entry what a view says. @throws `record/election` for the definition of another election */
export function noteEntry(noted: Noted, { context }: LoadedElection, entry: Entry): void {
  noted.entries += 1;
  if (entry.kind === 'defined') noted.defined = requireDefined(entry.data, context);
  if ('act' in entry.data && entry.data.act !== null) noted.acts += 1;
  if (entry.kind === 'approve' || entry.kind.startsWith('ceremony-')) noted.ceremony.push(entry);
  if (entry.kind === 'updates') noted.ballotsEnd = noted.entries;
  if (entry.kind === 'anchor') noted.anchored = Math.max(noted.anchored, entry.data.entries);
  noted.cancelled ||= entry.kind === 'cancel';
  noted.certified ||= entry.kind === 'certify';
}

/** The view that was noted beside a replay. @throws `record/empty` */
export function finishView({ defined, ...noted }: Noted, replay: Replay): CountableView {
  require(defined, 'record/empty', 'the record does not tell of the election’s definition');
  return { ...noted, replay };
}

/**
 * Recomputes an election from its record, ballots included. It shows what the record says took effect; whether that is right is for the
 * checks.
 *
 * @throws `record/election` if the record is of another election, `record/empty`
 */
export async function viewBallots(election: LoadedElection, entries: Entries): Promise<CountableView> {
  const [noted, replay] = [startNotes(), await emptyReplay(election)];
  for await (const entry of entries) {
    noteEntry(noted, election, entry);
    applyEntry(replay, entry);
  }
  return finishView(noted, replay);
}

/** Recomputes all of an election but its ballots. @throws `record/election`, `record/empty` */
export async function viewElection(election: LoadedElection, entries: Entries): Promise<ElectionView> {
  const [noted, replay] = [startNotes(), await emptyReplay(election)];
  for await (const entry of entries) {
    noteEntry(noted, election, entry);
    if (entry.kind !== 'updates') applyEntry(replay, entry);
  }
  return finishView(noted, replay);
}

/** A replay before the first entry. It looks at the definition only: the rest of the evidence is for the checks. */
export async function emptyReplay({ definition }: LoadedElection): Promise<Replay> {
  return startPlainReplay(definition, await loadPoseidon());
}
