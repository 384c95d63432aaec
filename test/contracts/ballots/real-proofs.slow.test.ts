import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Address } from 'viem';
import { awaitReceipt } from '../../../contracts/client/transact.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { circuitKeyCreation } from '../../../contracts/ballots/circuit-key.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { halfwayKeys } from '../../../protocol/ballot/ciphertext.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import type { ProvingArtifacts } from '../../../protocol/ballot/prove.ts';
import { proveUpdate } from '../../../protocol/ballot/prove.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import type { SlotState } from '../../../protocol/ballot/slot.ts';
import { contextBase, nextHead, pollScope } from '../../../protocol/ballot/slot.ts';
import type { PollConstants } from '../../../protocol/ballot/statement.ts';
import { pollConstants } from '../../../protocol/ballot/statement.ts';
import type { PreparedUpdate } from '../../../protocol/ballot/update.ts';
import { prepareMask, prepareVote } from '../../../protocol/ballot/update.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import { G, multiplyPublic, pointWords, subtract } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { p } from '../../../protocol/math/field.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, membershipPath, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { toMembers } from '../../../protocol/roll/members.ts';
import type { Deployed } from '../deploy-compiled.ts';
import { deployBytes, deployCompiled, read } from '../deploy-compiled.ts';

/** The committed development keys, proofs by the real prover, and four voters, one of whom never votes. */
const CIRCUITS = [
  { name: 'ballot-2', lanes: 1, options: 2 },
  { name: 'ballot-8', lanes: 4, options: 8 },
  { name: 'ballot-16', lanes: 8, options: 16 },
] as const;
const KEY_SCALARS = [11n, 12n, 13n, 14n, 15n, 16n, 17n, 18n];
const KEYS = KEY_SCALARS.map((k) => multiplyPublic(G, k << 200n));

let chain: EmbeddedChain;
let election: Deployed;
let ballots: Deployed;
let poseidon: Poseidon;
let voters: Identity[];
const artifacts = new Map<string, ProvingArtifacts>();

beforeAll(async () => {
  poseidon = await loadPoseidon();
  voters = Array.from({ length: 4 }, () => createIdentity(randomBytes(32))).toSorted((a, b) =>
    a.commitment < b.commitment ? -1 : 1,
  );
  chain = await startTestChain();
  const contests = CIRCUITS.map(({ lanes, options }) => ({
    lanes,
    withholdSmall: false,
    rule: ruleOf('single', {}, options),
  }));
  const polls = CIRCUITS.map((_, contest) => ({ contest, district: 0, unit: contest }));
  const districts = [{ root: treeRoot(tree()), members: BigInt(voters.length) }];
  const words = [...pointWords(...KEYS), ...pointWords(...halfwayKeys(KEYS))];
  const boxes = [chain.account(1).address];
  election = await deployCompiled(chain, 'ElectionFixture', [contests, polls, districts, boxes, words]);
  const keys: Address[] = [];
  for (const { name } of CIRCUITS) {
    const own = readProvingArtifacts('circuits/artifacts', name, 'development');
    artifacts.set(name, own);
    const key = decodeVerifyingKey(JSON.parse(Buffer.from(own.verifyingKeyBytes).toString('utf8')));
    keys.push((await deployBytes(chain, circuitKeyCreation(key))).contractAddress!);
  }
  ballots = await deployCompiled(chain, 'Ballots', [election.address, keys]);
  await write(election, 'setReady', [true]);
  for (const poll of CIRCUITS.keys()) await write(ballots, 'preparePoll', [BigInt(poll)]);
}, 300_000);
afterAll(async () => {
  await chain.stop();
  await terminate();
});

const tree = () => buildTree(poseidon, toMembers(voters.map(({ commitment }) => commitment)));
async function write(contract: Deployed, functionName: string, args: readonly unknown[]): Promise<bigint> {
  const hash = await chain.wallet(1).writeContract({ ...contract, functionName, args: [...args] });
  const receipt = await awaitReceipt(chain.publicClient, hash, chainProfile('embedded'));
  expect(receipt.status).toBe('success');
  return receipt.gasUsed;
}
async function setRound(round: number): Promise<void> {
  const start = (await chain.now()) - 100;
  await write(election, 'setWindow', [true, round, start, start + 10_000, start + 100_000]);
}

interface Slot {
  readonly posted: PostedUpdate;
  readonly state: SlotState;
}

/** Casting, masking and changing votes in one poll with one circuit. */
function booth(poll: number) {
  const { name, options } = CIRCUITS[poll]!;
  const id = { chainId: 31337n, election: election.address.toLowerCase() as Hex, poll };
  const roll = { root: treeRoot(tree()), members: voters.length };
  const constants: PollConstants = pollConstants(pollScope(id), roll, ruleOf('single', {}, options), KEYS);
  const base = contextBase(id);
  const randomness = () => drawRandomness((length) => Uint8Array.from(randomBytes(length)));
  const prove = async (prepared: PreparedUpdate, before?: Slot): Promise<Slot> => {
    const { update, proof } = await proveUpdate(artifacts.get(name)!, constants, prepared, (length) =>
      Uint8Array.from(randomBytes(length)),
    );
    const head = before?.state.head ?? (0n as Field);
    const previousHead = before === undefined ? 0n : previousOf(before);
    return {
      posted: { update, proof, previousHead },
      state: { head: nextHead(head, update.next), ciphertext: update.next },
    };
  };
  const vote = (voter: number, choice: number, before?: Slot): Promise<Slot> => {
    const values = constants.rule.max.map((_, i) => (i === choice ? 1n : 0n));
    const secret = voters[voter]!.secretScalar;
    const path = membershipPath(tree(), voter);
    const state = before?.state;
    return prove(
      prepareVote(poseidon, { constants, contextBase: base, secret, path, values, state, randomness: randomness() }),
      before,
    );
  };
  const mask = (before: Slot): Promise<Slot> => {
    const slot = before.posted.update.nullifier;
    return prove(
      prepareMask({ constants, contextBase: base, slot, state: before.state, randomness: randomness() }),
      before,
    );
  };
  return { vote, mask };
}

/** The head that the slot's ciphertext was chained to. */
const heads = new Map<bigint, bigint>();
function previousOf({ state }: Slot): bigint {
  return heads.get(state.head) ?? 0n;
}
function remember(before: Slot, after: Slot): Slot {
  heads.set(after.state.head, before.state.head);
  return after;
}
async function post(poll: number, slots: readonly Slot[]): Promise<bigint> {
  const { firsts, laters } = encodeBatch(slots.map(({ posted }) => posted));
  return write(ballots, 'update', [BigInt(poll), firsts, laters]);
}
/** Σ votes of every lane, decrypted with the keys' secrets: (v_{2j} + 2^32·v_{2j+1})·G. */
async function decrypted(poll: number): Promise<Point[]> {
  const words = await read<bigint[]>(chain, ballots, 'sums', [BigInt(poll)]);
  const points = Array.from({ length: words.length / 2 }, (_, i) => ({ x: words[2 * i]!, y: words[2 * i + 1]! }));
  return points.slice(1).map((C, j) => subtract(C, multiplyPublic(points[0]!, KEY_SCALARS[j]! << 200n)));
}

describe.each(CIRCUITS.map((circuit, poll) => ({ ...circuit, poll })))(
  '$name with its committed key',
  ({ poll, lanes, options }) => {
    it('takes votes, masks and changed votes proved by the circuit, and its sums decrypt to the latest votes', async () => {
      const { vote, mask } = booth(poll);
      await setRound(0);
      const [a, b, c] = [await vote(0, 0), await vote(1, 1), await vote(2, options - 1)];
      await post(poll, [a, b, c]);
      await setRound(1);
      const masked = remember(a, await mask(a));
      const changed = remember(b, await vote(1, 0, b));
      await post(poll, [masked, changed]);
      await setRound(2);
      const again = remember(masked, await vote(0, 1, masked));
      await post(poll, [again]);
      const last = Array.from({ length: lanes }, (_, j) => {
        const votes = [1, 0, options - 1].map((choice) => (choice >> 1 === j ? 1n << (32n * BigInt(choice & 1)) : 0n));
        return multiplyPublic(
          G,
          votes.reduce((sum, value) => sum + value, 0n),
        );
      });
      expect(await decrypted(poll)).toEqual(last);
      expect(await read(chain, ballots, 'nonEmpty', [BigInt(poll)])).toBe(3n);
    }, 300_000);
    it('refuses a true proof for another slot, and one that was tampered with', async () => {
      const { vote } = booth(poll);
      const { posted } = await vote(3, 0);
      const call = (args: PostedUpdate): Promise<unknown> => {
        const { firsts, laters } = encodeBatch([args]);
        const request = { ...ballots, functionName: 'update', args: [BigInt(poll), firsts, laters] };
        return chain.publicClient.simulateContract({ ...request, account: chain.account(1) });
      };
      await setRound(3);
      await call(posted);
      const other = { ...posted.update, nullifier: (posted.update.nullifier - 1n) as Field };
      await expect(call({ ...posted, update: other })).rejects.toThrow('ProofsInvalid');
      const negated = posted.proof.with(1, p - posted.proof[1]!);
      await expect(call({ ...posted, proof: negated })).rejects.toThrow('ProofsInvalid');
    }, 300_000);
  },
);
