import type { Address } from 'viem';
import { parseEventLogs } from 'viem';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { circuitKeyCreation } from '../../../contracts/ballots/circuit-key.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import type { Ciphertext } from '../../../protocol/ballot/ciphertext.ts';
import { emptyCiphertext, encodeLanes, encryptOver } from '../../../protocol/ballot/ciphertext.ts';
import { contextBase, nextHead, pollScope, updateContext } from '../../../protocol/ballot/slot.ts';
import type { PollConstants, Update } from '../../../protocol/ballot/statement.ts';
import { pollConstants, publicSignals } from '../../../protocol/ballot/statement.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { O } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { modScalar } from '../../../protocol/math/field.ts';
import type { Trapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import type { Deployed } from '../deploy-compiled.ts';
import { deployBytes, read } from '../deploy-compiled.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import type { TestConfig } from '../fixture/config.ts';
import { approve, buildRoll, sealCredentials, sealRoll } from '../fixture/stages.ts';
import type { World } from '../fixture/world.ts';
import { deployWorld, domainOf, send } from '../fixture/world.ts';
import type { Applied } from './fixture.ts';

/** A slot as its owner and the boxes see it: `previousHead` is what `head` was chained to. */
export interface Slot {
  readonly nullifier: bigint;
  readonly previousHead: bigint;
  readonly head: bigint;
  readonly ciphertext: Ciphertext;
}

/** An update and the slot it makes. */
export interface Step {
  readonly posted: PostedUpdate;
  readonly slot: Slot;
}

/** A whole election of real contracts, open for voting; only the circuits' keys have a trapdoor, so that proofs take milliseconds. */
export interface OpenElection {
  readonly world: World;
  readonly run: CeremonyRun;
  vote(poll: number, nullifier: bigint, values: readonly bigint[], slot?: Slot): Step;
  mask(poll: number, slot: Slot): Step;
  /** Posts as the `from`-th development account: 2 and 3 are boxes 0 and 1. */
  post(poll: number, steps: readonly Step[], from: number): Promise<Applied>;
  /** Account of the box that serves a slot in a round. */
  boxOf(nullifier: bigint, round: number): number;
}

const LANES = [1, 4] as const;

async function deployKeys(
  trapdoors: ReadonlyMap<number, Trapdoor>,
  deploy: (code: `0x${string}`) => Promise<Address>,
): Promise<Address[]> {
  const addresses: Address[] = [];
  for (const { key } of trapdoors.values()) addresses.push(await deploy(circuitKeyCreation(key)));
  return addresses;
}

/** Where an election is held, and what of its configuration is otherwise there. */
export interface Ground {
  readonly chain: EmbeddedChain;
  readonly change?: (config: TestConfig) => void;
}

/** From deployment to the second voting opens: district 0 has `members` members, the others none. Contest 0 has one lane, contest 1 four. */
async function open(
  members: number,
  trapdoors: ReadonlyMap<number, Trapdoor>,
  { chain, change }: Ground,
): Promise<{ world: World; run: CeremonyRun; ballots: Deployed }> {
  const keys = await deployKeys(trapdoors, async (code) => (await deployBytes(chain, code)).contractAddress as Address);
  const world = await deployWorld(chain, change, { name: 'Ballots', args: [keys] });
  const { times } = world.config;
  await approve(world);
  await sealCredentials(world, [members, 0, 0]);
  const run = await new CeremonyRun(world).complete();
  await chain.advanceTo(Number(times.registrationCloses));
  await buildRoll(world, [Array.from({ length: members }, (_, i) => BigInt(i + 1)), [], []]);
  await chain.advance(Number(times.challengeSeconds));
  await sealRoll(world);
  for (const poll of world.config.polls.keys()) await send(world, world.ballots, 'preparePoll', [BigInt(poll)]);
  await chain.advanceTo(Number(times.opensAt));
  return { world, run, ballots: world.ballots };
}

let draws = 1n;
/** A scalar nobody used before: reproducible, as everything here. */
function drawScalar(): ReturnType<typeof modScalar> {
  return modScalar(hashWords('test-randomness', [(draws += 1n)]));
}

/**
 * Deploys, holds the key ceremony, builds and seals the roll, prepares the polls and opens. Takes some seconds; stop the chain when done.
 *
 * @param ground - default an embedded chain of its own
 */
export async function openElection(members: number, ground?: Ground): Promise<OpenElection> {
  const trapdoors = new Map(LANES.map((lanes) => [lanes as number, makeTrapdoor(14 + 12 * lanes, BigInt(lanes))]));
  const { world, run, ballots } = await open(members, trapdoors, ground ?? { chain: await startTestChain() });
  const { chain, config } = world;
  const [root] = await read<[bigint, bigint]>(chain, world.roll, 'sealedRoll', [0n]);
  const roots = BigInt(await read<string>(chain, world.roll, 'sealedRootsHash'));
  const constantsOf = config.polls.map(({ contest }, poll): PollConstants => {
    const { rule } = config.contests[contest]!;
    return pollConstants(
      pollScope({ ...domainOf(world), poll }),
      { root: root as Field, members },
      rule,
      run.state.keys!.publicKeys,
    );
  });
  const step = (poll: number, nullifier: bigint, base: Ciphertext, slot?: Slot): Step => {
    const constants = constantsOf[poll]!;
    const head = slot?.head ?? 0n;
    const update: Update = {
      nullifier: nullifier as Field,
      context: updateContext(contextBase({ ...domainOf(world), poll }), nullifier as Field, head),
      fresh: slot === undefined,
      old: slot?.ciphertext ?? emptyCiphertext(constants.keys.length),
      next: encryptOver(base, constants.keys, drawScalar()),
    };
    const proof = trapdoors.get(constants.keys.length)!.simulate(publicSignals(constants, update));
    return {
      posted: { update, proof, previousHead: slot?.previousHead ?? 0n },
      slot: { nullifier, previousHead: head, head: nextHead(head, update.next), ciphertext: update.next },
    };
  };
  return {
    world,
    run,
    vote: (poll, nullifier, values, slot) => step(poll, nullifier, { R: O, C: encodeLanes(values) }, slot),
    mask: (poll, slot) => step(poll, slot.nullifier, slot.ciphertext, slot),
    async post(poll, steps, from) {
      const { firsts, laters } = encodeBatch(steps.map(({ posted }) => posted));
      const receipt = await send(world, ballots, 'update', [BigInt(poll), firsts, laters], from);
      const [event] = parseEventLogs({
        abi: ballots.abi,
        logs: receipt.logs,
        eventName: 'UpdatesApplied',
      }) as unknown as { args: Applied }[];
      return { ...event!.args, receipt };
    },
    boxOf: (nullifier, round) => 2 + Number(((hashWords('box', [roots, nullifier]) >> 1n) + BigInt(round)) % 2n),
  };
}
