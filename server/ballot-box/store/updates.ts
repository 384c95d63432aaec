import { randomBytes } from 'node:crypto';
import { decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { ScriptReply } from '../../frame/redis-script.ts';
import { runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from './box-store.ts';
import { KEYS } from './keys.ts';
import { ACCEPT, KNOWN, LAY } from './accept-scripts.ts';

/** 16 random bytes as 32 hex digits: says nothing, not even whose update it is or whether it is a mask. */
export type Tracker = string & { readonly __brand: 'tracker' };

/** A slot update whose proof holds: a vote or a mask, there is no difference (DESIGN §2.5). */
export interface CheckedUpdate {
  readonly poll: number;
  readonly slot: bigint;
  /** True for the first of its slot. */
  readonly first: boolean;
  /** Head of the slot that it is for, 0 for an empty one, and the head that it makes. */
  readonly head: bigint;
  readonly next: bigint;
  /** As in calldata (SPEC §11.3). */
  readonly words: Uint8Array;
  /** Round in which it is to be posted. */
  readonly round: number;
  /** Block time, Unix seconds, by which it is to be on chain. */
  readonly by: number;
  /** Seconds for which a first cast is kept back, from when it is stored; 0 by default. */
  readonly wait?: number;
}

/** A mask, of which all else is as for its round. */
export type LaidMask = Pick<CheckedUpdate, 'slot' | 'head' | 'next' | 'words'>;

/** What the box promised of an update. */
export interface Promised {
  readonly tracker: Tracker;
  readonly round: number;
  readonly by: number;
}

/** Updates that one box holds at most, unless its settings say otherwise: more than a city's slots. */
export const MOST_HELD = 4_000_000;

const REFUSALS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  stale: ['update/stale', 'the slot has changed since: make the ballot again, with fresh randomness'],
  pending: [
    'update/pending',
    'an update of this slot is on its way to the chain: wait for it, then make the ballot again',
  ],
  closed: ['state/closed', 'voting is over: only what was accepted before is still posted'],
  resync: ['busy/chain', 'the box is still reading the chain: try again in a little while'],
  full: ['busy/queue', 'the box holds as many updates as it can: try another box, or again later'],
};

/**
 * Takes an update: once this returns, it is on disk, and what waited for the same slot has lost its place to it. The very same update again gets
 * the same promise. Safe under concurrency: the slot's state is compared and all is written in one step.
 *
 * @param open - false once only what was accepted before is still taken
 * @throws `update/stale`, `update/pending`, `state/closed`, `busy/queue`, `busy/chain`
 */
export async function acceptUpdate(
  store: BoxStore,
  update: CheckedUpdate,
  open: boolean,
  limit = MOST_HELD,
): Promise<Promised> {
  const { poll, slot, first, head, next, words, round, by, wait = 0 } = update;
  const [word, tracker] = (await runScript(
    store.bytes,
    ACCEPT,
    [],
    [
      ...[String(poll), wordBytes(slot), first ? '1' : '0', wordBytes(head), wordBytes(next), Buffer.from(words)],
      ...[newTracker(), String(round), String(by), open ? '1' : '0', String(limit)],
      String(Math.ceil(1000 * wait)),
    ],
  )) as [ScriptReply, ScriptReply];
  const outcome = String(word);
  if (outcome === 'taken') return { tracker: String(tracker) as Tracker, round, by };
  if (outcome === 'known') return promiseOf(store, String(tracker) as Tracker);
  const [code, message] = REFUSALS[outcome] ?? ['internal/store', 'the store gave an answer that makes no sense'];
  throw new UrnaError(code, message);
}

/**
 * Lays masks: each waits for its slot from now on, unless a vote does or the slot has moved on. Everything is done in one step, and as much for a slot where a vote
 * waits as for one where none does (SPEC §17.2). @param masks - later updates of one poll
 */
export async function layUpdates(
  { bytes }: BoxStore,
  poll: number,
  { round, by }: Pick<CheckedUpdate, 'round' | 'by'>,
  masks: readonly LaidMask[],
): Promise<void> {
  const each = masks.flatMap(({ slot, head, next, words }) => [
    ...[wordBytes(slot), wordBytes(head), wordBytes(next), Buffer.from(words), newTracker()],
  ]);
  const done = await runScript(bytes, LAY, [], [String(poll), String(round), String(by), ...each]);
  if (done !== 1) throw new UrnaError('busy/chain', 'the box is still reading the chain: try again in a little while');
}

function newTracker(): string {
  return randomBytes(16).toString('hex');
}

/** What was promised for this very update, if it was accepted and is not over. */
export async function findPromise(
  { bytes, redis }: BoxStore,
  { poll, slot, next }: Pick<CheckedUpdate, 'poll' | 'slot' | 'next'>,
): Promise<Promised | undefined> {
  const tracker = await runScript(bytes, KNOWN, [], [String(poll), wordBytes(slot), wordBytes(next)]);
  return String(tracker) === '' ? undefined : promiseOf({ bytes, redis }, String(tracker) as Tracker);
}

async function promiseOf({ redis }: BoxStore, tracker: Tracker): Promise<Promised> {
  const [round, by] = await redis.hmGet(`${KEYS.update}${tracker}`, ['r', 'y']);
  require(typeof round === 'string' && typeof by === 'string', 'internal/store', 'an update has no promise');
  return { tracker, round: Number(round), by: Number(by) };
}

/** Where an update stands (SPEC §17.2). `returned` ones are to be made again, with fresh randomness, unless replaced. */
export interface Fate extends Promised {
  readonly state: 'waiting' | 'sent' | 'confirmed' | 'returned';
  /** Why it was returned; empty otherwise. */
  readonly code: string;
  /** Where it is, as far as it is: `0x…`, and the confirmed block. */
  readonly transaction: string | undefined;
  readonly block: number | undefined;
}

/** The fate of an update, or undefined if this box knows none of that tracker (any more). */
export async function findFate({ redis }: BoxStore, tracker: Tracker): Promise<Fate | undefined> {
  const members = await redis.hmGet(`${KEYS.update}${tracker}`, ['s', 'c', 'x', 'b', 'r', 'y']);
  const [state, code, transaction, block, round, by] = members.map((each) => each ?? '');
  if (state === undefined || state === '') return undefined;
  return {
    ...{ tracker, state: state as Fate['state'], code: code ?? '', round: Number(round), by: Number(by) },
    transaction: transaction === '' ? undefined : transaction,
    block: block === '' ? undefined : Number(block),
  };
}

/** 32 bytes of a word, as scripts compare them. */
export function wordBytes(value: bigint): Buffer {
  return Buffer.from(encodeWord(value));
}

/** Inverse of {@link wordBytes}. */
export function wordOf(bytes: Uint8Array): bigint {
  return decodeNumber(bytes);
}
