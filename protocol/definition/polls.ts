import { UrnaError } from '../errors.ts';
import type { Contest, Definition } from './definition.ts';

/** A contest in a district (SPEC §2): its own scope, slots and sums. All numbers are global indices from 0. */
export interface Poll {
  readonly index: number;
  readonly contest: number;
  readonly district: number;
  readonly unit: number;
}

/** A tally unit with its global index (SPEC §2). */
export interface NumberedUnit {
  readonly index: number;
  readonly contest: number;
  readonly id: string;
  /** Indices of districts, in the definition's order of the unit. */
  readonly districts: readonly number[];
  /** Global index of the unit that takes this one in, or null. */
  readonly mergeInto: number | null;
}

type Geography = Pick<Definition, 'districts' | 'contests'>;

/** Units of all contests, numbered: contests in order, each contest's units in order. */
export function units({ districts, contests }: Geography): NumberedUnit[] {
  const districtIndex = new Map(districts.map(({ id }, i) => [id, i]));
  const numbered: NumberedUnit[] = [];
  contests.forEach((contest, contestIndex) => {
    const first = numbered.length;
    const position = new Map(contest.units.map(({ id }, i) => [id, first + i]));
    for (const unit of contest.units) {
      numbered.push({
        index: numbered.length,
        contest: contestIndex,
        id: unit.id,
        districts: unit.districts.map((id) => known(districtIndex, id)),
        mergeInto: unit.mergeInto === null ? null : known(position, unit.mergeInto),
      });
    }
  });
  return numbered;
}

/** Polls of all contests, numbered: contests in order, each contest's districts in the order of its units and of their lists. */
export function polls(definition: Geography): Poll[] {
  return units(definition)
    .flatMap(({ index: unit, contest, districts }) => districts.map((district) => ({ contest, district, unit })))
    .map((poll, index) => ({ index, ...poll }));
}

/** Voters of all districts of a contest: the N of its bounds (SPEC §8). Unknown districts count nothing. */
export function votersOf({ districts }: Pick<Definition, 'districts'>, contest: Contest): number {
  const voters = new Map(districts.map((district) => [district.id, district.voters]));
  return contest.units.flatMap((unit) => unit.districts).reduce((sum, id) => sum + (voters.get(id) ?? 0), 0);
}

function known(indices: ReadonlyMap<string, number>, id: string): number {
  const index = indices.get(id);
  if (index === undefined) throw new UrnaError('definition/reference', `there is no ${id}`);
  return index;
}
