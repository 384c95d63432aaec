import { wordHex } from '../../../protocol/encoding.ts';
import { ownDistrict } from './ballot.ts';
import { loadElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { slotIn } from '../record/slot-book.ts';
import { openRecordVoter } from './session.ts';

/** `urna voter slot`: the own slots and their updates. A local view: it proves nothing to anybody else (DESIGN §2.11). */
export async function showSlots(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const { view, identity, slot } = await openRecordVoter(call, election);
  const district = ownDistrict(view, identity);
  const own = view.replay.config.polls.filter((poll) => poll.district === district);
  const slots = own.map(({ contest }) => {
    const { nullifier, poll } = slot(contest);
    const history = slotIn(view, poll.id.poll, nullifier)?.history ?? [];
    return { contest: contestAt(election.definition, contest).id, slot: wordHex(nullifier), updates: history };
  });
  const rows = slots.map(({ contest, updates }): [string, number, string] => {
    const last = updates.at(-1);
    return [contest, updates.length, last === undefined ? 'empty' : `round ${last.round}, block ${last.block}`];
  });
  return { data: { slots }, text: renderTable(['contest', 'updates', 'last update'], rows) };
}
