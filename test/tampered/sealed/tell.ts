import { follow } from '../../../contracts/follower/follow.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import { trapdoorCircuit } from '../../contracts/follower/voters.ts';
import type { ServerWorld } from '../../server/world.ts';
import type { SealedElection } from './vector.ts';

/**
 * Votes in a prepared election, and its record with the seals of its chain.
 *
 * @param chain - a definition that names who really seals the chain
 * @param wait - until blocks have their confirmations
 */
export async function tellElection(
  world: ServerWorld,
  chain: Definition,
  wait: () => Promise<void>,
): Promise<Omit<SealedElection, 'keys'>> {
  const { made, voters, story, trapdoor } = world;
  await world.chain.advanceTo(made.definition.times.opensAt + 1);
  const vote = (index: number, values: readonly bigint[]) => voters.vote(0, voters.nullifier(index), values);
  await voters.post([vote(1, [1n, 0n]), vote(2, [0n, 1n])], made.sender(PAYER));
  await wait();
  const earlier = await record(world, chain);
  await voters.post([vote(3, [1n, 0n]), vote(4, [1n, 0n])], made.sender(PAYER));
  await wait();
  const { entries, seals } = await record(world, chain);
  const { credentials, registrations } = story.offices;
  const evidence = {
    ...{ definition: encodeDefinition(made.definition), credentials, registrations: [registrations] },
    ...{ reasons: [undefined], circuits: [trapdoorCircuit(trapdoor)], seals },
    build: Object.fromEntries(
      Object.entries(made.builds).map(([name, { codeBytes, codeHash }]) => [name, { codeBytes, codeHash }]),
    ) as typeof made.builds,
  };
  return { entries, evidence, earlier: earlier.seals };
}

async function record({ made }: ServerWorld, chain: Definition): Promise<{ entries: Entry[]; seals: Uint8Array }> {
  const entries: Entry[] = [];
  let reached: FollowState | undefined;
  for await (const { keep, entries: more, state } of follow(made.at, { builds: made.builds })) {
    entries.splice(keep, Infinity, ...more);
    reached = state;
  }
  const seals = await readSeals(made.at, chain, reached);
  if (seals === undefined) throw new Error('no seals');
  return { entries, seals: encodeSeals(seals) };
}
