import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Address } from 'viem';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { circuitKeyCreation } from '../../../contracts/ballots/circuit-key.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { proveUpdate } from '../../../protocol/ballot/prove.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import type { SlotState } from '../../../protocol/ballot/slot.ts';
import { contextBase, nextHead, pollScope } from '../../../protocol/ballot/slot.ts';
import { pollConstants } from '../../../protocol/ballot/statement.ts';
import type { PreparedUpdate } from '../../../protocol/ballot/update.ts';
import { prepareMask, prepareVote } from '../../../protocol/ballot/update.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { RandomBytes } from '../../../protocol/random.ts';
import { buildTree, membershipPath, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { toMembers } from '../../../protocol/roll/members.ts';
import { deployBytes, read } from '../deploy-compiled.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import type { TestConfig } from '../fixture/config.ts';
import { TRUSTEES } from '../fixture/config.ts';
import { approve, buildRoll, sealCredentials, sealRoll } from '../fixture/stages.ts';
import { postDecryption } from '../fixture/tally.ts';
import type { World } from '../fixture/world.ts';
import { deployWorld, domainOf, send } from '../fixture/world.ts';

/** One district of four voters, one contest of sixteen options under a ranking of three: `ballot-16`, its committed key, real proofs. */
const OPTIONS = 16;
const POLL = 0;
const RULE = ruleOf('ranking', { ranks: 3, min: 1 }, OPTIONS);
const circuit = readProvingArtifacts('circuits/artifacts', 'ballot-16', 'development');
const random: RandomBytes = (length) => Uint8Array.from(randomBytes(length));

/** A slot's newest update, and what it takes to update it again. */
interface Slot {
  readonly posted: PostedUpdate;
  readonly state: SlotState;
}

let world: World;
let run: CeremonyRun;
let poseidon: Poseidon;
let voters: Identity[];

function onlyContest(config: TestConfig): void {
  config.voters = [4n];
  config.contests = [{ lanes: 8, withholdSmall: false, rule: { ...RULE, max: [...RULE.max], price: [...RULE.price] } }];
  config.units = [{ contest: 0, mergeInto: 0 }];
  config.polls = [{ contest: 0, district: 0, unit: 0 }];
  config.trustees = TRUSTEES.slice(0, 3).map(({ address }) => address);
  config.threshold = 2n;
  config.minAnonymitySet = 2n;
}

beforeAll(async () => {
  poseidon = await loadPoseidon();
  voters = Array.from({ length: 4 }, () => createIdentity(random(32))).toSorted((a, b) =>
    a.commitment < b.commitment ? -1 : 1,
  );
  const chain = await startTestChain();
  const key = decodeVerifyingKey(parseJson(circuit.verifyingKeyBytes));
  const { contractAddress } = await deployBytes(chain, circuitKeyCreation(key));
  world = await deployWorld(chain, onlyContest, { name: 'Ballots', args: [[contractAddress as Address]] });
  const { times } = world.config;
  await approve(world);
  await sealCredentials(world, [4]);
  run = await new CeremonyRun(world).complete();
  await chain.advanceTo(Number(times.registrationCloses));
  await buildRoll(world, [voters.map(({ commitment }) => commitment)]);
  await chain.advance(Number(times.challengeSeconds));
  await sealRoll(world);
  await send(world, world.ballots, 'preparePoll', [BigInt(POLL)]);
  await chain.advanceTo(Number(times.opensAt));
}, 300_000);
afterAll(async () => {
  await world.chain.stop();
  await terminate();
});

/** Ranks: the first option named is the best. */
function ranking(...best: readonly number[]): bigint[] {
  return Array.from({ length: OPTIONS }, (_, i) => (best.includes(i) ? BigInt(3 - best.indexOf(i)) : 0n));
}

/** The poll as a client sees it. */
function booth() {
  const tree = buildTree(poseidon, toMembers(voters.map(({ commitment }) => commitment)));
  const id = { ...domainOf(world), poll: POLL };
  const roll = { root: treeRoot(tree), members: voters.length };
  const constants = pollConstants(pollScope(id), roll, RULE, run.state.keys!.publicKeys);
  const base = contextBase(id);
  const prove = async (prepared: PreparedUpdate, before?: Slot): Promise<Slot> => {
    const { update, proof } = await proveUpdate(circuit, constants, prepared, random);
    // Nobody updates a slot twice here, so that what is updated was always a first cast.
    const head = nextHead(before?.state.head ?? (0n as Field), update.next);
    return { posted: { update, proof, previousHead: 0n }, state: { head, ciphertext: update.next } };
  };
  const vote = (voter: number, values: readonly bigint[], before?: Slot): Promise<Slot> => {
    const [path, secret] = [membershipPath(tree, voter), voters[voter]!.secretScalar];
    const input = { constants, contextBase: base, secret, path, values, state: before?.state };
    return prove(prepareVote(poseidon, { ...input, randomness: drawRandomness(random) }), before);
  };
  const mask = (before: Slot): Promise<Slot> => {
    const slot = before.posted.update.nullifier;
    const input = { constants, contextBase: base, slot, state: before.state };
    return prove(prepareMask({ ...input, randomness: drawRandomness(random) }), before);
  };
  return { vote, mask };
}

/** Posts a batch and asks that all of it took effect. */
async function post(slots: readonly Slot[]): Promise<void> {
  const { firsts, laters } = encodeBatch(slots.map(({ posted }) => posted));
  const before = await Promise.all(slots.map(slotWord));
  await send(world, world.ballots, 'update', [BigInt(POLL), firsts, laters], 9);
  const after = await Promise.all(slots.map(slotWord));
  expect(after.map((word) => word >> 8n)).toEqual(slots.map(({ state }) => state.head));
  expect(after).not.toEqual(before);
}

function slotWord({ posted }: Slot): Promise<bigint> {
  return read<bigint>(world.chain, world.ballots, 'slot', [BigInt(POLL), posted.update.nullifier]);
}

describe('an election with sixteen options', () => {
  it('takes ballots, a mask and a changed ballot proved with the committed key, and counts them', async () => {
    const { vote, mask } = booth();
    const cast = [await vote(0, ranking(0, 15, 7)), await vote(1, ranking(15, 0, 8)), await vote(2, ranking(3))];
    await post(cast);
    const { chain, config } = world;
    await chain.advanceTo(Number(config.times.closesAt) - 1000);
    await post([await mask(cast[0]!), await vote(2, ranking(9, 15), cast[2])]);
    const { closesAt, graceSeconds, settleSeconds } = config.times;
    await chain.advanceTo(Number(closesAt + graceSeconds + settleSeconds));
    await send(world, world.tally, 'aggregate', [0n]);
    for (const trustee of [1, 3]) await postDecryption(world, run, 0, trustee);
    const counts = ranking(0, 15, 7).map((value, i) => value + ranking(15, 0, 8)[i]! + ranking(9, 15)[i]!);
    await send(world, world.tally, 'submitCounts', [0n, counts]);
    expect(await read(chain, world.ballots, 'nonEmpty', [BigInt(POLL)])).toBe(3n);
  }, 300_000);
});
