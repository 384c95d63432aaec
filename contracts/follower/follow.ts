import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import type { Entry } from '../../protocol/record/entry.ts';
import type { ElectionAt } from '../client/election.ts';
import type { CodeSizes } from '../deploy/builds.ts';
import { blockEntries } from './block-entries.ts';
import type { Deployments } from './deployments.ts';
import { findDeployments } from './deployments.ts';
import type { MinedLog } from './source.ts';
import { blockHash, confirmedHead, fullBlock, readLogs } from './source.ts';
import type { FollowState, Mark } from './state.ts';
import { advanceState, initialState, rewindState } from './state.ts';

/**
 * One step of following: the record so far is `record.slice(0, keep)` followed by `entries`. After a reorganisation `keep` is below the
 * number of entries seen before; else it equals it. `state` belongs to the record after the step; keep the two together.
 */
export interface FollowStep {
  readonly keep: number;
  readonly entries: readonly Entry[];
  readonly state: FollowState;
}

export interface FollowOptions {
  readonly builds: CodeSizes;
  /** Where an earlier run ended; default the beginning. */
  readonly state?: FollowState;
  /** A block not after the first deployment, such as the deployment file names; default 0. */
  readonly fromBlock?: number;
  /** Given: go on following until it is aborted. Default: end at the confirmed head. */
  readonly until?: AbortSignal;
}

/**
 * The election record as the chain tells it (SPEC §14), from the first deployment to the head minus the profile's confirmations, block
 * after block. Blocks that the chain has given up are undone first. Holds one range of logs and one block at a time.
 *
 * @throws `follow/deployment`, `follow/foreign-contract`, `follow/state` a state of another election, `chain/…`: call again with the last state
 */
export async function* follow(at: ElectionAt, options: FollowOptions): AsyncGenerator<FollowStep, void, undefined> {
  const { builds, fromBlock = 0, until } = options;
  const { connection } = at;
  let deployments = await findDeployments(at, builds, fromBlock);
  let state = options.state ?? initialState(connection.chainId, at.election, firstBlock(deployments));
  const own = state.election === at.election && state.chainId === connection.chainId;
  require(own, 'follow/state', 'the stored state is of another election');
  let range = connection.profile.logRange;
  while (until?.aborted !== true) {
    const stale = await staleMarks(at, state);
    if (stale > 0) {
      deployments = await findDeployments(at, builds, fromBlock);
      state = rewindState(state, stale, firstBlock(deployments));
      yield { keep: state.seq, entries: [], state };
      continue;
    }
    const head = await confirmedHead(connection);
    if (state.next > head) {
      if (until === undefined) return;
      await pause(connection.profile.pollingInterval, until);
      continue;
    }
    const to = Math.min(state.next + range - 1, head);
    try {
      const read = await readRange(at, deployments, state, to);
      for await (const step of stepsOf(at, deployments, state, read, to)) {
        state = step.state;
        yield step;
      }
    } catch (error) {
      if (isTooLarge(error) && to > state.next) range = Math.ceil((to - state.next + 1) / 2);
      else if (isMoved(error)) deployments = await findDeployments(at, builds, fromBlock);
      else throw error;
    }
  }
}

interface ReadRange {
  readonly logs: readonly MinedLog[];
  /** Hash of the range's last block. */
  readonly hash: Hex;
}

function firstBlock({ list }: Deployments): number {
  return list[0]?.block ?? 0;
}

/** How many of the newest marks are no longer on the node's chain. */
async function staleMarks(at: ElectionAt, { marks }: FollowState): Promise<number> {
  let stale = 0;
  for (const mark of [...marks].reverse()) {
    if (await isOnChain(at, mark)) break;
    stale++;
  }
  return stale;
}

async function isOnChain({ connection }: ElectionAt, { block, hash }: Pick<Mark, 'block' | 'hash'>): Promise<boolean> {
  return (await blockHash(connection, block)) === hash;
}

/**
 * The logs from `state.next` to `to`, all of the one chain that ends in `hash` and holds the newest mark.
 *
 * @throws `follow/moved` if the chain was reorganised meanwhile
 */
async function readRange(at: ElectionAt, deployments: Deployments, state: FollowState, to: number): Promise<ReadRange> {
  const { connection, election, roll, ceremony, ballots, tally } = at;
  const hash = await blockHash(connection, to);
  const created = deployments.list.filter(({ block }) => block >= state.next && block <= to);
  const marks = [...state.marks.slice(-1), ...created.map(({ block, blockHash }) => ({ block, hash: blockHash }))];
  const moved = (await Promise.all(marks.map((mark) => isOnChain(at, mark)))).includes(false);
  const logs = await readLogs(connection, [election, roll, ceremony, ballots, tally], state.next, to);
  const after = await blockHash(connection, to);
  require(hash !== undefined &&
    hash === after &&
    !moved, 'follow/moved', 'the chain was reorganised while it was read');
  return { logs, hash };
}

function isMoved(error: unknown): boolean {
  return error instanceof UrnaError && error.code === 'follow/moved';
}

/** Nodes refuse large ranges in words of their own; whether that was it, a smaller one shows. */
function isTooLarge(error: unknown): boolean {
  return error instanceof UrnaError && ['chain/range', 'chain/node'].includes(error.code);
}

async function* stepsOf(
  at: ElectionAt,
  deployments: Deployments,
  before: FollowState,
  { logs, hash }: ReadRange,
  to: number,
): AsyncGenerator<FollowStep, void, undefined> {
  let state = before;
  for (const [number, wanted] of blocksOf(deployments, logs, before.next, to)) {
    const block = await fullBlock(at.connection, wanted);
    const own = logs.filter(({ blockNumber }) => Number(blockNumber) === number);
    const entries = blockEntries(at, deployments, block, own, state.seq);
    const keep = state.seq;
    state = advanceState(state, { block: number, hash: block.hash, seq: keep + entries.length });
    yield { keep, entries, state };
  }
  if (state.next > to) return;
  state = advanceState(state, { block: to, hash, seq: state.seq });
  yield { keep: state.seq, entries: [], state };
}

/** Numbers and hashes of the blocks from `from` to `to` that hold an entry, in order. */
function blocksOf({ list }: Deployments, logs: readonly MinedLog[], from: number, to: number): Map<number, Hex> {
  const created = list.filter(({ block }) => block >= from && block <= to);
  const blocks = [
    ...created.map(({ block, blockHash: hash }) => [block, hash] as const),
    ...logs.map(({ blockNumber, blockHash: hash }) => [Number(blockNumber), hash] as const),
  ];
  return new Map(blocks.sort(([a], [b]) => a - b));
}

function pause(milliseconds: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      until.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    until.addEventListener('abort', end);
    if (until.aborted) end();
  });
}
