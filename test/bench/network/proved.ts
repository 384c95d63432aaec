import { encodeFunctionData } from 'viem';
import { postUpdates, readPoll, updateCall } from '../../../contracts/client/ballots.ts';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { OpenElection } from '../../contracts/ballots/open-election.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { withOtherAccounts } from '../../contracts/network/clique-chain.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import { provedVotes } from '../../server/ballot-box/proved-election.ts';
import type { SimulatedUpdate } from '../../server/simulated-voters.ts';
import type { ServerWorld } from '../../server/world.ts';
import { prepareWorld } from '../../server/world.ts';
import { median } from '../row.ts';
import { POLL, SENDER, VALUES, casts } from './load.ts';

/** Ballots that are really proved, each in a second or two of all cores: enough to see that a proof costs the chain what a simulated one does. */
export const PROVED = 32;
/** Runs of each batch on the node, by turns. */
const RUNS = 9;
/** Gas for a batch that is only run. */
const MUCH = 16_000_000n;

/** What an update costs, in batches of {@link PROVED} first casts of eight options. */
export interface Cost {
  readonly gas: number;
  /** Milliseconds in which the node runs it. */
  readonly time: number;
}

/** An election whose ballots are proved with the committed circuit, prepared on the same chain, and its ballots. */
export interface ProvedBatch {
  readonly world: ServerWorld;
  readonly ballots: readonly SimulatedUpdate[];
}

/** @param times - of its definition */
export async function proveBatch(
  chain: CliqueTestChain,
  times: (now: number) => Record<string, number>,
): Promise<ProvedBatch> {
  // One more than are compared: the first cast of a poll is dearer.
  const size = { voters: [PROVED + 1, 1], lanes: 4, isProved: true } as const;
  const world = await prepareWorld(size, { chain: withOtherAccounts(chain), times });
  const vote = await provedVotes(world, VALUES);
  const ballots: SimulatedUpdate[] = [];
  while (ballots.length <= PROVED) ballots.push(await vote(ballots.length, drawRandomness(randomBytes)));
  await terminate();
  return { world, ballots };
}

/** Has a node run a batch of each kind by turns, and posts both: all of them must count. */
export async function compareCosts(
  election: OpenElection,
  { world, ballots }: ProvedBatch,
  from: number,
): Promise<{ readonly simulated: Cost; readonly proved: Cost }> {
  const { chain } = election.world;
  await chain.advanceTo(world.made.definition.times.opensAt);
  const [steps = []] = casts(election, from, 1, PROVED);
  const { abi, address } = election.world.ballots;
  const { firsts, laters } = encodeBatch(steps.map(({ posted }) => posted));
  const simulatedCall = {
    to: address,
    data: encodeFunctionData({ abi, functionName: 'update', args: [BigInt(POLL), firsts, laters] }),
  };
  const batchOf = (some: readonly SimulatedUpdate[]) => ({ poll: 0, ...encodeBatch(some.map(({ posted }) => posted)) });
  const payer = world.made.sender(PAYER);
  await postUpdates(world.made.at, payer, batchOf(ballots.slice(0, 1)));
  const batch = batchOf(ballots.slice(1));
  const { to = address, data } = updateCall(world.made.at, batch);
  const provedCall = { to, data };
  const account = chain.account(SENDER).address;
  const run = async ({ to, data }: { readonly to: Hex; readonly data: Hex }): Promise<number> => {
    const begun = performance.now();
    await chain.publicClient.call({ account, to, data, gas: MUCH });
    return (performance.now() - begun) / PROVED;
  };
  const times: { readonly simulated: number; readonly proved: number }[] = [];
  // The first of each warms up.
  for (let i = 0; i <= RUNS; i++) times.push({ simulated: await run(simulatedCall), proved: await run(provedCall) });
  const counted = times.slice(1);
  const { receipt } = await election.post(POLL, steps, SENDER);
  const { gasUsed } = await postUpdates(world.made.at, payer, batch);
  const { nonEmpty } = await readPoll(world.made.at, 0);
  if (nonEmpty !== ballots.length) throw new Error('proved ballots were skipped');
  return {
    simulated: { gas: Number(receipt.gasUsed) / PROVED, time: median(counted.map((each) => each.simulated)) },
    proved: { gas: Number(gasUsed) / PROVED, time: median(counted.map((each) => each.proved)) },
  };
}
