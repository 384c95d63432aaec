import { wordHex } from '../../../protocol/encoding.ts';
import { ownDistrict, ownSlot } from './ballot.ts';
import { verifiedKeys } from '../ballot/poll-context.ts';
import { loadElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { recordEntries } from '../record/entries.ts';
import { viewElection } from '../record/view.ts';
import { openIdentity } from './cast.ts';

/** `urna voter slot`: the own slots and their updates. A local view: it proves nothing to anybody else (DESIGN §2.11). */
export async function showSlots(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const view = await viewElection(election, recordEntries(call, election));
  const keys = verifiedKeys(election, view);
  const identity = await openIdentity(call);
  const district = ownDistrict(view, identity);
  const own = view.replay.config.polls.filter((poll) => poll.district === district);
  const slots = own.map(({ contest }) => {
    const { nullifier, state } = ownSlot(election, view, keys, identity, contest);
    const history = state?.history ?? [];
    return { contest: contestAt(election.definition, contest).id, slot: wordHex(nullifier), updates: history };
  });
  const rows = slots.map(({ contest, updates }): [string, number, string] => {
    const last = updates.at(-1);
    return [contest, updates.length, last === undefined ? 'empty' : `round ${last.round}, block ${last.block}`];
  });
  return { data: { slots }, text: renderTable(['contest', 'updates', 'last update'], rows) };
}
