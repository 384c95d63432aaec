import { aggregateUnits, submitCounts } from '../../../contracts/client/tally.ts';
import type { Replay } from '../../../protocol/checks/replay/replay.ts';
import { at as item } from '../../../protocol/errors.ts';
import { createCountSearch } from '../../../protocol/tally/search/find-counts.ts';
import { foldKnownEntries } from '../chain/known-entries.ts';
import { openPosting, posted } from '../chain/session.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { viewBallots } from '../record/view.ts';
import { countUnit } from './decode.ts';

/** Units that one transaction adds up: about 200,000 gas each, and 2,200 more for each unit of the election (SPEC §11.6: 16.7 million). */
const UNITS_AT_ONCE = 16;

/** `urna tally aggregate`: has the chain add up the units of every contest that is not aggregated yet. Anyone may. */
export async function aggregate(call: Invocation): Promise<Outcome> {
  const { election, at, sender } = await openPosting(call);
  const { replay } = await foldKnownEntries(call, election, (entries) => viewBallots(election, entries));
  const done: { contest: string; units: number; transaction: string; block: number; gas: number }[] = [];
  for (const [contest, { id }] of election.definition.contests.entries()) {
    for (const { first, count } of openRuns(replay, contest)) {
      done.push({ contest: id, units: count, ...posted(await aggregateUnits(at, sender, first, count)) });
    }
  }
  const units = done.reduce((sum, each) => sum + each.units, 0);
  return { data: { aggregated: done }, text: `${units} units aggregated in ${done.length} transactions` };
}

/** A contest's units that are not aggregated yet, as runs that fit a transaction. */
function openRuns({ tally }: Replay, contest: number): { first: number; count: number }[] {
  const runs: { first: number; count: number }[] = [];
  for (const [unit, place] of tally.places.entries()) {
    if (place.contest !== contest || item(tally.units, unit).state !== undefined) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === unit && last.count < UNITS_AT_ONCE) last.count += 1;
    else runs.push({ first: unit, count: 1 });
  }
  return runs;
}

/** `urna tally count`: combines the decryptions on chain, finds the counts and submits them. Anyone may; the chain checks them. */
export async function count(call: Invocation): Promise<Outcome> {
  const { election, at, sender } = await openPosting(call);
  const view = await foldKnownEntries(call, election, (entries) => viewBallots(election, entries));
  const search = createCountSearch();
  const { units } = view.replay.tally;
  const open = units.flatMap(({ state, counts }, unit) => (state === 'open' && counts === undefined ? [unit] : []));
  const done: { unit: number; counts: number[]; transaction: string; block: number; gas: number }[] = [];
  for (const unit of open) {
    call.progress.start(`unit ${unit}`, 100);
    const counts = countUnit(view, unit, search, (part) => call.progress.update(Math.floor(part * 100)));
    call.progress.stop();
    done.push({ unit, counts, ...posted(await submitCounts(at, sender, unit, counts)) });
  }
  return { data: { counted: done }, text: `${done.length} units counted` };
}
