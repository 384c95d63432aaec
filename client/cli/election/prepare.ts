import { preparePoll, readPoll } from '../../../contracts/client/ballots.ts';
import { openPosting } from '../chain/session.ts';
import { polls } from '../../../protocol/definition/polls.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';

/** `urna election prepare`: has the chain compute the constants of every poll, once roll and keys are final. Anyone may. */
export async function preparePolls(call: Invocation): Promise<Outcome> {
  const { election, at, sender } = await openPosting(call);
  const prepared: number[] = [];
  for (const { index } of polls(election.definition)) {
    const { key } = await readPoll(at, index);
    if (key.x !== 0n || key.y !== 0n) continue;
    await preparePoll(at, sender, index);
    prepared.push(index);
  }
  return { data: { prepared }, text: `${prepared.length} polls prepared` };
}
