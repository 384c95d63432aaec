import { wordHex } from '../../../protocol/encoding.ts';
import { units } from '../../../protocol/definition/polls.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { at } from '../../../protocol/errors.ts';
import type { UnitResult } from '../../../protocol/tally/combine.ts';
import { foldKnownEntries } from '../chain/known-entries.ts';
import { loadElection } from '../election/definition-file.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { viewBallots } from '../record/view.ts';
import type { CountableView } from '../record/view.ts';
import { finalResults, resultHashOf } from './result-of.ts';

/** Turnout of a unit. */
interface Turnout {
  /** Members of the rolls of the unit's own districts. */
  readonly members: number;
  /** Voters that the definition names for them. */
  readonly voters: number;
  /** Non-empty slots, those of merged units included. */
  readonly ballots: number;
}

/** `urna tally result`: counts and turnout of every unit, from the record; certified or not, it says which. */
export async function result(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const view = await foldKnownEntries(call, election, (entries) => viewBallots(election, entries));
  const results = finalResults(view);
  const { certified } = view;
  const { definition } = election;
  const numbered = units(definition).map((unit) => {
    const found = at(results, unit.index);
    const contest = at(definition.contests, unit.contest);
    const counts = Object.fromEntries(contest.options.map(({ id }, i) => [id, at(found.counts, i)]));
    const turnout = turnoutOf(view, definition, unit.districts, found);
    return { contest: contest.id, unit: unit.id, state: found.state, ...turnout, counts };
  });
  const text = [
    certified ? 'Certified result' : 'Provisional result: not certified yet',
    ...definition.contests.map((contest) =>
      contestTable(
        contest,
        numbered.filter((unit) => unit.contest === contest.id),
      ),
    ),
  ].join('\n\n');
  return { data: { certified, resultHash: wordHex(resultHashOf(view)), units: numbered }, text };
}

function turnoutOf(
  { replay }: CountableView,
  definition: Definition,
  districts: readonly number[],
  unit: UnitResult,
): Turnout {
  const sum = (of: (district: number) => number): number =>
    districts.reduce((total, district) => total + of(district), 0);
  return {
    members: sum((district) => replay.roll.sealed?.members[district]?.length ?? 0),
    voters: sum((district) => at(definition.districts, district).voters),
    ballots: unit.nonEmpty,
  };
}

type ShownUnit = Turnout & {
  readonly unit: string;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
};

const SHOWN: Readonly<Record<string, string>> = {
  open: 'counted',
  merged: 'counted with the unit that takes it in',
  empty: 'no ballots',
  withheld: 'withheld: too few ballots',
};

function contestTable(contest: Definition['contests'][number], shown: readonly ShownUnit[]): string {
  const open = shown.filter(({ state }) => state === 'open' || state === 'empty');
  const counts = renderTable(
    ['option', ...open.map(({ unit }) => unit)],
    contest.options.map(({ id, title }) => [title.en, ...open.map((unit) => unit.counts[id] ?? 0)]),
  );
  const turnout = renderTable(
    ['unit', 'voters', 'registered', 'ballots', ''],
    shown.map(({ unit, voters, members, ballots, state }) => [unit, voters, members, ballots, SHOWN[state] ?? state]),
  );
  return `${contest.title.en}\n\n${counts}\n\n${turnout}`;
}
