import type { Config } from '../../config/config.ts';
import { at } from '../../errors.ts';
import type { Point } from '../../math/curve.ts';
import type { EntryData } from '../../record/entry.ts';
import type { EncryptedSums } from '../../tally/units.ts';
import { addSums } from '../../tally/units.ts';
import type { PollReplay } from './ballots-replay.ts';

/** What becomes of a unit (SPEC §12.2), in the record's words. */
export type RecordedState = EntryData<'aggregate'>['units'][number]['state'];

/** A unit's place: its contest, polls, and the units that may be added to it. */
export interface UnitPlace {
  readonly contest: number;
  readonly lanes: number;
  readonly polls: readonly number[];
  /** Units of the contest that name this one in `mergeInto`. */
  readonly sources: readonly number[];
  readonly merges: boolean;
}

/** A unit as the record has it so far. */
export interface UnitReplay {
  state?: RecordedState;
  /** Partial decryptions in order; `eighths` of D by lane. */
  readonly decryptions: { readonly trustee: number; readonly eighths: readonly Point[] }[];
  counts?: readonly number[];
}

/** The count after some prefix of the record. Owned and changed in place by the replay. */
export interface TallyReplay {
  readonly places: readonly UnitPlace[];
  readonly units: readonly UnitReplay[];
}

export function startTally(config: Config): TallyReplay {
  const polls = config.units.map((): number[] => []);
  config.polls.forEach(({ unit }, index) => polls[unit]?.push(index));
  const sources = config.units.map((): number[] => []);
  config.units.forEach(({ mergeInto }, index) => sources[mergeInto - 1]?.push(index));
  const places = config.units.map(({ contest, mergeInto }, unit): UnitPlace => {
    const { lanes } = at(config.contests, contest);
    return { contest, lanes, polls: at(polls, unit), sources: at(sources, unit), merges: mergeInto !== 0 };
  });
  return { places, units: places.map((): UnitReplay => ({ decryptions: [] })) };
}

type Polls = ReadonlyMap<number, PollReplay>;

/** Occupied slots of a unit's own polls. */
function ownSlots({ places }: TallyReplay, polls: Polls, unit: number): number {
  return at(places, unit).polls.reduce((total, poll) => total + (polls.get(poll)?.slots.size ?? 0), 0);
}

/** Sums of a unit's own polls; a poll that was never made ready has none. */
function ownSums({ places }: TallyReplay, polls: Polls, unit: number): EncryptedSums {
  const place = at(places, unit);
  const parts = place.polls.flatMap((poll): EncryptedSums[] => {
    const replayed = polls.get(poll);
    return replayed === undefined ? [] : [{ nonEmpty: replayed.slots.size, ...replayed.sums }];
  });
  return addSums(parts, place.lanes);
}

function ruledMerge(tally: TallyReplay, polls: Polls, config: Config, unit: number): boolean {
  return at(tally.places, unit).merges && BigInt(ownSlots(tally, polls, unit)) < config.minAnonymitySet;
}

/** The unit's own sums and those of the units that `isMerged` adds to it. */
function sumsWith(
  tally: TallyReplay,
  polls: Polls,
  unit: number,
  isMerged: (source: number) => boolean,
): EncryptedSums {
  const own = ownSums(tally, polls, unit);
  if (isMerged(unit)) return own;
  const place = at(tally.places, unit);
  const added = place.sources.filter(isMerged).map((source) => ownSums(tally, polls, source));
  return added.length === 0 ? own : addSums([own, ...added], place.lanes);
}

/**
 * What a unit holds, recomputed from the slots, with the merges that the record states; where it states none yet, with
 * those of the definition's rule. Whether the stated merges keep the rule is for check 15 to say.
 */
export function unitSums(tally: TallyReplay, polls: Polls, config: Config, unit: number): EncryptedSums {
  return sumsWith(tally, polls, unit, (each) => {
    const stated = at(tally.units, each).state;
    return stated === undefined ? ruledMerge(tally, polls, config, each) : stated === 'merged';
  });
}

/** The state that the definition's rule gives a unit (SPEC §12.2). */
export function ruledState(tally: TallyReplay, polls: Polls, config: Config, unit: number): RecordedState {
  const isMerged = (each: number): boolean => ruledMerge(tally, polls, config, each);
  if (isMerged(unit)) return 'merged';
  const joined = [unit, ...at(tally.places, unit).sources.filter(isMerged)];
  const nonEmpty = joined.reduce((total, each) => total + ownSlots(tally, polls, each), 0);
  if (nonEmpty === 0) return 'empty';
  const { withholdSmall } = at(config.contests, at(tally.places, unit).contest);
  return BigInt(nonEmpty) < config.minAnonymitySet && withholdSmall ? 'withheld' : 'open';
}

/** A unit with what it holds, for whoever decrypts, counts or shows results. */
export interface UnitView extends UnitReplay {
  readonly unit: number;
  readonly contest: number;
  readonly sums: EncryptedSums;
}

/** All units that the record has aggregated, in order; sums are recomputed. */
export function aggregatedUnits(tally: TallyReplay, polls: Polls, config: Config): UnitView[] {
  return tally.places.flatMap(({ contest }, unit): UnitView[] => {
    const replayed = at(tally.units, unit);
    if (replayed.state === undefined) return [];
    return [{ ...replayed, unit, contest, sums: unitSums(tally, polls, config, unit) }];
  });
}
