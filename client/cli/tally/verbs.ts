import { aggregate as aggregateContest, submitCounts } from '../../../contracts/client/tally.ts';
import { at as item } from '../../../protocol/errors.ts';
import { createCountSearch } from '../../../protocol/tally/search/find-counts.ts';
import { knownEntries } from '../chain/known-entries.ts';
import { openPosting, posted } from '../chain/session.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { viewElection } from '../record/view.ts';
import { countUnit } from './decode.ts';

/** `urna tally aggregate`: has the chain add up the units of every contest that is not aggregated yet. Anyone may. */
export async function aggregate(call: Invocation): Promise<Outcome> {
  const { election, at, sender } = await openPosting(call);
  const view = await viewElection(election, knownEntries(call, election));
  const { tally } = view.replay;
  const done: { contest: string; transaction: string; block: number; gas: number }[] = [];
  for (const [contest, { id }] of election.definition.contests.entries()) {
    const open = tally.places.some(
      (place, unit) => place.contest === contest && item(tally.units, unit).state === undefined,
    );
    if (open) done.push({ contest: id, ...posted(await aggregateContest(at, sender, contest)) });
  }
  return { data: { aggregated: done }, text: `${done.length} contests aggregated` };
}

/** `urna tally count`: combines the decryptions on chain, finds the counts and submits them. Anyone may; the chain checks them. */
export async function count(call: Invocation): Promise<Outcome> {
  const { election, at, sender } = await openPosting(call);
  const view = await viewElection(election, knownEntries(call, election));
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
