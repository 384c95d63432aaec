import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { contextBase } from '../../../protocol/ballot/slot.ts';
import { proveUpdate } from '../../../protocol/ballot/prove.ts';
import type { Randomness } from '../../../protocol/ballot/randomness.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { prepareVote } from '../../../protocol/ballot/update.ts';
import { at } from '../../../protocol/errors.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { buildTree, membershipPath } from '../../../protocol/roll/lean-imt.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import { handedIn } from '../simulated-voters.ts';
import type { Place, ServerWorld } from '../world.ts';
import { ARTIFACTS, prepareWorld } from '../world.ts';
import type { BoxProcess } from './processes.ts';
import { REAL, boxProcess } from './processes.ts';

/** A small election whose ballots are proved with the committed circuit, and its box, the program that is run. */
export interface ProvedElection {
  readonly world: ServerWorld;
  readonly box: BoxProcess;
  /** The first ballot of the next voter of the first district. Takes a second or two of all cores. */
  readonly vote: () => Promise<SimulatedUpdate>;
  readonly close: () => Promise<void>;
}

/** @param voters - of its first district @param rpc - of the node that its box believes */
export async function proveElection(
  chain: EmbeddedChain,
  place: Omit<Place, 'chain'>,
  voters: number,
  rpc: string,
): Promise<ProvedElection> {
  const world = await prepareWorld({ voters: [voters, 1], isProved: true }, { chain, ...place });
  const folder = join(world.folder, 'redis');
  mkdirSync(folder);
  const redis = await startPrivateRedis(folder);
  const own = { ...world.settings, ...at(world.boxes, 0), rpc, redisUrl: redis.url };
  const box = await boxProcess(
    { ...own, artifactsFolder: ARTIFACTS, proofThreads: 1, maskThreads: 1, windowSeconds: 1 },
    REAL,
  );
  const close = async (): Promise<void> => {
    await box.kill();
    await redis.stop();
    await world.close();
  };
  return { world, box, vote: await voting(world), close };
}

async function voting(world: ServerWorld): Promise<ProvedElection['vote']> {
  const proved = await provedVotes(world);
  let next = 0;
  return () => proved(next++, drawRandomness(randomBytes));
}

/** Makes first ballots of voters of the first district, in a world whose ballots are proved: all vote for the first option, unless `values` says otherwise. */
export async function provedVotes(
  { made, story, voters }: ServerWorld,
  values: readonly bigint[] = [1n, 0n],
): Promise<(voter: number, randomness: Randomness) => Promise<SimulatedUpdate>> {
  const poseidon = await loadPoseidon();
  const artifacts = readProvingArtifacts(ARTIFACTS, circuitName(values.length / 2), 'development');
  const constants = at(voters.polls, 0);
  const members = at(story.offices.members, 0);
  const tree = buildTree(poseidon, members);
  const { chainId } = made.at.connection;
  const { election } = made.at;
  return async (voter, randomness) => {
    const { commitment, secretScalar } = at(at(story.offices.identities, 0), voter);
    const prepared = prepareVote(poseidon, {
      ...{ constants, contextBase: contextBase({ chainId: BigInt(chainId), election, poll: 0 }) },
      ...{ secret: secretScalar, path: membershipPath(tree, members.indexOf(commitment)), state: undefined },
      ...{ values, randomness },
    });
    const proved = await proveUpdate(artifacts, constants, prepared, randomBytes);
    return handedIn({ chainId, election }, 0, proved);
  };
}
