import type { Definition } from '../../../protocol/definition/definition.ts';
import { polls, units } from '../../../protocol/definition/polls.ts';
import { lanesFor } from '../../../protocol/ballot/rules.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Entry, EntryOf } from '../../../protocol/record/entry.ts';
import type { UnitState } from '../../../protocol/tally/units.ts';

/** A version of the roll as the chain has it; members and roots by district. */
export interface RollVersion {
  readonly version: number;
  readonly registrationsRoot: Hex;
  readonly members: readonly number[];
  readonly roots: readonly Hex[];
}

/** A unit's final state; `nonEmpty` as SPEC §12.4 hashes it, counts absent until they are on chain. */
export interface SummedUnit {
  readonly state?: UnitState;
  readonly nonEmpty: number;
  readonly counts?: readonly number[];
}

/** What the record says so far, without its bulk: plain JSON, stored beside the record it belongs to. */
export interface Summary {
  readonly entries: number;
  readonly newestRoll: RollVersion | null;
  readonly sealed: boolean;
  /** By poll: members once it is ready, occupied slots, and the round of its last update. */
  readonly polls: readonly { readonly members: number | null; readonly nonEmpty: number }[];
  readonly units: readonly SummedUnit[];
  /** New closing times, in order. */
  readonly extensions: readonly number[];
  readonly resultHash: Hex | null;
  readonly cancelled: boolean;
}

/** Before the first entry. */
export function emptySummary(definition: Definition): Summary {
  return {
    ...{ entries: 0, newestRoll: null, sealed: false, extensions: [], resultHash: null, cancelled: false },
    polls: polls(definition).map(() => ({ members: null, nonEmpty: 0 })),
    units: units(definition).map(() => ({ nonEmpty: 0 })),
  };
}

/** The summary after one more entry: what the contracts decided, nothing of it computed again. */
export function summarize(summary: Summary, entry: Entry): Summary {
  return { ...summary, ...changesOf(summary, entry), entries: entry.seq + 1 };
}

function changesOf(summary: Summary, entry: Entry): Partial<Summary> {
  switch (entry.kind) {
    case 'roll-begin': {
      const { version, registrationsRoot } = entry.data;
      return { newestRoll: { version, registrationsRoot, members: [], roots: [] } };
    }
    case 'roll-complete':
      return completed(summary, entry);
    case 'seal':
      return { sealed: true };
    case 'poll-ready':
      return changedPoll(summary, entry.data.poll, { members: entry.data.members });
    case 'updates':
      return changedPoll(summary, entry.data.poll, { nonEmpty: entry.data.nonEmpty });
    case 'extend':
      return { extensions: [...summary.extensions, entry.data.closesAt] };
    case 'cancel':
      return { cancelled: true };
    case 'aggregate':
      return aggregated(summary, entry);
    case 'counts':
      return changedUnit(summary, entry.data.unit, { counts: entry.data.counts });
    case 'certify':
      return { resultHash: entry.data.resultHash };
    default:
      return {};
  }
}

function completed({ newestRoll }: Summary, { data }: EntryOf<'roll-complete'>): Partial<Summary> {
  if (newestRoll === null) return {};
  return { newestRoll: { ...newestRoll, members: data.members, roots: data.roots } };
}

function changedPoll(summary: Summary, index: number, change: Partial<Summary['polls'][number]>): Partial<Summary> {
  return { polls: summary.polls.map((poll, i) => (i === index ? { ...poll, ...change } : poll)) };
}

function changedUnit(summary: Summary, index: number, change: Partial<SummedUnit>): Partial<Summary> {
  return { units: summary.units.map((unit, i) => (i === index ? { ...unit, ...change } : unit)) };
}

function aggregated(summary: Summary, { data }: EntryOf<'aggregate'>): Partial<Summary> {
  const states = new Map(data.units.map((each) => [each.unit, each]));
  const changed = summary.units.map((unit, i) => {
    const found = states.get(i);
    return found === undefined ? unit : { ...unit, state: found.state, nonEmpty: found.nonEmpty };
  });
  return { units: changed };
}

/** Lanes of a poll's ciphertexts. */
export function lanesOfPoll(definition: Definition, poll: number): number {
  const contest = polls(definition)[poll]?.contest ?? 0;
  return lanesFor(definition.contests[contest]?.options.length ?? 2);
}
