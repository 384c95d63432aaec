import type { Address, Hex, TransactionReceipt } from 'viem';
import { encodeFunctionData, parseEventLogs } from 'viem';
import { awaitReceipt } from '../../../contracts/client/transact.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { circuitKeyCreation } from '../../../contracts/ballots/circuit-key.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import type { Ciphertext } from '../../../protocol/ballot/ciphertext.ts';
import { emptyCiphertext, halfwayKeys } from '../../../protocol/ballot/ciphertext.ts';
import type { Rule } from '../../../protocol/ballot/rules.ts';
import { contextBase, nextHead, pollScope, updateContext } from '../../../protocol/ballot/slot.ts';
import type { PollConstants, Update } from '../../../protocol/ballot/statement.ts';
import { publicSignals } from '../../../protocol/ballot/statement.ts';
import type { Hex as UrnaHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { G, multiplyPublic, pointWords } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { Trapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import type { Deployed } from '../deploy-compiled.ts';
import { deployBytes, deployCompiled, read } from '../deploy-compiled.ts';

/** Polls of the fixture: their lanes, members of their district. Poll 3 is like poll 0 in another district; poll 4 has room for two. */
export const POLLS = [
  { lanes: 4, contest: 0, district: 0 },
  { lanes: 1, contest: 1, district: 0 },
  { lanes: 8, contest: 2, district: 0 },
  { lanes: 4, contest: 0, district: 1 },
  { lanes: 4, contest: 0, district: 2 },
] as const;
export const DISTRICTS = [
  { root: 1111n, members: 400n },
  { root: 2222n, members: 400n },
  { root: 3333n, members: 2n },
] as const;
/** Accounts of the embedded chain that are boxes 0, 1, 2. Account 9 is nobody. */
export const BOXES = [1, 2, 3] as const;
export const NOBODY = 9;

const KEYS = Array.from({ length: 8 }, (_, j) => multiplyPublic(G, 1000n + BigInt(j)));

function ruleOf(lanes: number): Rule {
  const options = Array.from({ length: 2 * lanes }, () => 1n);
  return { minTotal: 0n, maxTotal: 5n, quadratic: false, distinct: false, max: options, price: options };
}

/** What an account sends with a batch. */
export interface Posting {
  readonly from?: number;
  readonly poll?: number;
}

/** A chain with `Ballots` on it, keys with a trapdoor for each number of lanes, and the election's views under the test's control. */
export interface BallotsFixture {
  readonly chain: EmbeddedChain;
  readonly election: Deployed;
  readonly ballots: Deployed;
  readonly trapdoors: ReadonlyMap<number, Trapdoor>;
  constants(poll: number): PollConstants;
  /** An update with a proof that holds, of a slot in the given state. */
  updateOf(poll: number, nullifier: bigint, state?: SlotState): PostedUpdate & { readonly update: Update };
  signals(poll: number, update: Update): bigint[];
  /** Sends a batch and answers with its event. */
  post(updates: readonly PostedUpdate[], posting?: Posting): Promise<Applied>;
  /** Sends raw words; rejects with the contract's error. */
  postWords(firsts: readonly bigint[], laters: readonly bigint[], posting?: Posting): Promise<Applied>;
  calldata(poll: number, firsts: readonly bigint[], laters: readonly bigint[]): Hex;
  view<T>(name: string, ...args: unknown[]): Promise<T>;
  setRound(
    round: number,
    where?: { readonly lastQuarter?: boolean; readonly grace?: boolean; readonly open?: boolean },
  ): Promise<void>;
  /** Account number of the box that serves a slot in a round. */
  boxOf(nullifier: bigint, round: number): number;
}

export interface SlotState {
  readonly previousHead: bigint;
  readonly head: bigint;
  readonly ciphertext: Ciphertext;
}

/** The event of a batch. */
export interface Applied {
  readonly round: bigint;
  readonly firsts: bigint;
  readonly laters: bigint;
  readonly skipped: bigint;
  readonly nonEmpty: bigint;
  readonly sumsHash: Hex;
  readonly receipt: TransactionReceipt;
}

let counter = 5n;
/** Distinct points of the subgroup. */
function freshCiphertext(lanes: number): Ciphertext {
  const point = (): { x: bigint; y: bigint } => multiplyPublic(G, (counter += 7919n) ** 5n);
  return { R: point(), C: Array.from({ length: lanes }, point) };
}

/** The slot after an update that found it in `before`. */
export function stateAfter({ update }: PostedUpdate, before?: SlotState): SlotState {
  const previousHead = before?.head ?? 0n;
  return { previousHead, head: nextHead(previousHead, update.next), ciphertext: update.next };
}

async function deployElection(chain: EmbeddedChain): Promise<Deployed> {
  const contests = [4, 1, 8].map((lanes) => ({ lanes, withholdSmall: false, rule: ruleOf(lanes) }));
  const polls = POLLS.map(({ contest, district }, unit) => ({ contest, district, unit }));
  const boxes = BOXES.map((account) => chain.account(account).address);
  const words = [...pointWords(...KEYS), ...pointWords(...halfwayKeys(KEYS))];
  return deployCompiled(chain, 'ElectionFixture', [contests, polls, DISTRICTS, boxes, words]);
}

async function deployKeys(chain: EmbeddedChain, trapdoors: ReadonlyMap<number, Trapdoor>): Promise<Address[]> {
  const addresses: Address[] = [];
  for (const { key } of trapdoors.values()) {
    addresses.push((await deployBytes(chain, circuitKeyCreation(key))).contractAddress!);
  }
  return addresses;
}

/** Deploys everything; polls 0 to 4 are prepared, the window is round 0, neither last quarter nor grace. */
export async function startBallots(): Promise<BallotsFixture> {
  const chain = await startTestChain();
  try {
    return await deployBallots(chain);
  } catch (error) {
    await chain.stop();
    throw error;
  }
}

async function deployBallots(chain: EmbeddedChain): Promise<BallotsFixture> {
  const election = await deployElection(chain);
  const trapdoors = new Map([1, 4, 8].map((lanes) => [lanes, makeTrapdoor(14 + 12 * lanes, BigInt(lanes))]));
  const ballots = await deployCompiled(chain, 'Ballots', [election.address, await deployKeys(chain, trapdoors)]);
  const write = async (
    contract: Deployed,
    functionName: string,
    args: readonly unknown[],
    from = 0,
  ): Promise<TransactionReceipt> => {
    // The call first, for its error; then the transaction, with nothing left to ask the node for.
    await chain.publicClient.simulateContract({ ...contract, functionName, args, account: chain.account(from) });
    const fees = { gas: 16_700_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
    const data = encodeFunctionData({ abi: contract.abi, functionName, args: [...args] });
    const hash = await chain.wallet(from).sendTransaction({ to: contract.address, data, ...fees });
    const receipt = await awaitReceipt(chain.publicClient, hash, chainProfile('embedded'));
    if (receipt.status !== 'success') throw new Error(`${functionName} reverted in its transaction`);
    return receipt;
  };
  await write(election, 'setReady', [true]);
  for (const poll of POLLS.keys()) await write(ballots, 'preparePoll', [BigInt(poll)]);

  const id = (poll: number) => ({
    chainId: BigInt(chain.chain.id),
    election: election.address.toLowerCase() as UrnaHex,
    poll,
  });
  const constants = (poll: number): PollConstants => {
    const { lanes, district } = at(POLLS, poll);
    const keys = KEYS.slice(0, lanes);
    const { root, members } = at(DISTRICTS, district);
    return {
      scope: pollScope(id(poll)),
      root: root as Field,
      members: Number(members),
      rule: ruleOf(lanes),
      keys,
      halfway: halfwayKeys(keys),
    };
  };
  const constantsOf = POLLS.map((_, poll) => constants(poll));
  const rootsHash = hashWords(
    'roots',
    DISTRICTS.map(({ root }) => root),
  );
  const postWords: BallotsFixture['postWords'] = async (firsts, laters, { from = NOBODY, poll = 0 } = {}) => {
    const receipt = await write(ballots, 'update', [BigInt(poll), firsts, laters], from);
    const [event] = parseEventLogs({
      abi: ballots.abi,
      logs: receipt.logs,
      eventName: 'UpdatesApplied',
    }) as unknown as {
      args: Omit<Applied, 'receipt'>;
    }[];
    return { ...event!.args, receipt };
  };
  const fixture: BallotsFixture = {
    chain,
    election,
    ballots,
    trapdoors,
    constants,
    updateOf(poll, nullifier, state) {
      const { lanes } = at(POLLS, poll);
      const head = state?.head ?? 0n;
      const update: Update = {
        nullifier: nullifier as Field,
        context: updateContext(contextBase(id(poll)), nullifier as Field, head),
        fresh: state === undefined,
        old: state?.ciphertext ?? emptyCiphertext(lanes),
        next: freshCiphertext(lanes),
      };
      return {
        update,
        previousHead: state?.previousHead ?? 0n,
        proof: trapdoors.get(lanes)!.simulate(publicSignals(constantsOf[poll]!, update)),
      };
    },
    signals: (poll, update) => publicSignals(constantsOf[poll]!, update),
    post: (updates, posting) => {
      const { firsts, laters } = encodeBatch(updates);
      return postWords(firsts, laters, posting);
    },
    postWords,
    calldata: (poll, firsts, laters) =>
      encodeFunctionData({ abi: ballots.abi, functionName: 'update', args: [BigInt(poll), firsts, laters] }),
    view: (name, ...args) => read(chain, ballots, name, args),
    async setRound(round, { lastQuarter = false, grace = false, open = true } = {}) {
      const now = await chain.now();
      const startsAt = lastQuarter ? now - 7500 : now - 10;
      await write(election, 'setWindow', [
        open,
        round,
        startsAt,
        startsAt + 10_000,
        grace ? startsAt : startsAt + 100_000,
      ]);
    },
    boxOf: (nullifier, round) =>
      at(BOXES, Number(((hashWords('box', [rootsHash, nullifier]) >> 1n) + BigInt(round)) % 3n)),
  };
  await fixture.setRound(0);
  return fixture;
}
