import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from './box-store.ts';
import { KEYS } from './keys.ts';
import type { Lease } from './lease.ts';
import { CLAIM, FETCH, MARK_RETURNED, MARK_SENT, MARK_WAITING, SENT_OF } from './posting-scripts.ts';
import type { CheckedUpdate, Tracker } from './updates.ts';
import { wordBytes, wordOf } from './updates.ts';

/** An update that waits or is sent, with its body. */
export interface LiveUpdate extends Omit<CheckedUpdate, 'by' | 'wait'> {
  readonly tracker: Tracker;
  readonly state: 'waiting' | 'sent' | 'confirmed' | 'returned';
}

/** How many first casts and later updates of a poll wait. */
export async function countWaiting({ redis }: BoxStore, poll: number): Promise<{ firsts: number; laters: number }> {
  const [firsts, laters] = await Promise.all([
    redis.zCard(`${KEYS.firsts}${poll}`),
    redis.sCard(`${KEYS.laters}${poll}`),
  ]);
  return { firsts, laters };
}

/** Milliseconds of the store's clock. */
export async function storeTime({ redis }: BoxStore): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return 1000 * Number(seconds) + Math.floor(Number(microseconds) / 1000);
}

/**
 * At most `count` of the first casts that wait, in the order in which they became due: whoever sends them shuffles them. They go on waiting until {@link claimUpdates}.
 *
 * @param until - only those due by then, milliseconds of the store's clock; all by default
 */
export async function drawFirsts(
  store: BoxStore,
  poll: number,
  count: number,
  until = Infinity,
): Promise<LiveUpdate[]> {
  const range = { BY: 'SCORE', LIMIT: { offset: 0, count } } as const;
  const trackers = (await store.redis.zRange(`${KEYS.firsts}${poll}`, '-inf', scoreOf(until), range)) as Tracker[];
  return (await fetchUpdates(store, trackers)).filter(({ state }) => state === 'waiting');
}

/** Polls with first casts that are due by `until`: the one where somebody has waited longest comes first. */
export async function pollsDue({ redis }: BoxStore, polls: number, until: number): Promise<number[]> {
  const firsts = await Promise.all(
    Array.from({ length: polls }, (_, poll) => redis.zRangeWithScores(`${KEYS.firsts}${poll}`, 0, 0)),
  );
  const due = firsts.flatMap(([first], poll) =>
    first === undefined || first.score > until ? [] : [{ poll, score: first.score }],
  );
  return due.sort((a, b) => a.score - b.score).map(({ poll }) => poll);
}

/** How many first casts of all polls wait and are due by `until`. */
export async function countDue({ redis }: BoxStore, polls: number, until: number): Promise<number> {
  const counts = Array.from({ length: polls }, (_, poll) =>
    redis.zCount(`${KEYS.firsts}${poll}`, '-inf', scoreOf(until)),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

function scoreOf(time: number): string {
  return Number.isFinite(time) ? String(time) : '+inf';
}

/** At most `count` of the later updates that wait, for whichever round, drawn at random, each once. */
export async function drawLaters(store: BoxStore, poll: number, count: number): Promise<LiveUpdate[]> {
  const trackers = (await store.redis.sRandMemberCount(`${KEYS.laters}${poll}`, count)) as Tracker[];
  return (await fetchUpdates(store, trackers)).filter(({ state }) => state === 'waiting');
}

/** Those of the slots of which no update is sent. */
export async function notSent<T extends { readonly slot: bigint }>(
  { bytes }: BoxStore,
  poll: number,
  slots: readonly T[],
): Promise<T[]> {
  const sent = await runScript(bytes, SENT_OF, [], [String(poll), ...slots.map(({ slot }) => wordBytes(slot))]);
  return slots.filter((_, i) => (sent as readonly number[])[i] === 0);
}

/** A slot, and whether its first cast is meant or a later update. */
export type WantedSlot = Pick<CheckedUpdate, 'slot' | 'first'>;

/**
 * What waits for slots and is for the state that they are in, in their order. From now on it counts as sent, in no transaction yet: nothing takes its place any more,
 * and whoever hands in another is told to wait. @throws `state/lease`
 */
export async function claimUpdates(
  { bytes }: BoxStore,
  lease: Lease,
  poll: number,
  slots: readonly WantedSlot[],
): Promise<LiveUpdate[]> {
  const wanted = slots.flatMap(({ slot, first }) => [wordBytes(slot), first ? '1' : '0']);
  const found = await runScript(bytes, CLAIM, [], [String(lease.number), String(poll), ...wanted]);
  requireLease(found !== null);
  return (found as readonly (readonly Buffer[])[]).map(readUpdate);
}

/** Updates that are sent and not confirmed, in parts of some hundreds; one that is settled meanwhile may be missing. */
export async function* sentUpdates(store: BoxStore): AsyncGenerator<LiveUpdate[]> {
  for await (const trackers of store.redis.sScanIterator(KEYS.sent, { COUNT: 200 })) {
    const found = await fetchUpdates(store, trackers as Tracker[]);
    yield found.filter(({ state }) => state === 'sent');
  }
}

/** Updates by tracker; those that are over, or never were, are missing. */
export async function fetchUpdates(store: BoxStore, trackers: readonly Tracker[]): Promise<LiveUpdate[]> {
  if (trackers.length === 0) return [];
  const found = (await runScript(store.bytes, FETCH, [], [...trackers])) as readonly (readonly Buffer[])[];
  return found.map(readUpdate);
}

function readUpdate([tracker, state, poll, slot, first, head, next, round, words]: readonly Buffer[]): LiveUpdate {
  const bytes = (value: Buffer | undefined): Buffer => value ?? Buffer.alloc(0);
  return {
    ...{ tracker: String(tracker) as Tracker, state: String(state) as LiveUpdate['state'] },
    ...{ poll: Number(String(poll)), slot: wordOf(bytes(slot)), first: String(first) === '1' },
    ...{ head: wordOf(bytes(head)), next: wordOf(bytes(next)), round: Number(String(round)) },
    words: Uint8Array.from(bytes(words)),
  };
}

/** These updates are in `transaction`, which is or will be sent. @throws `state/lease` if the lease is another's by now */
export function markSent(store: BoxStore, lease: Lease, trackers: readonly Tracker[], transaction: Hex): Promise<void> {
  return mark(store, lease, MARK_SENT, [transaction], trackers);
}

/** These sent updates wait again: their transaction is gone for good. @throws `state/lease` */
export function markWaiting(store: BoxStore, lease: Lease, trackers: readonly Tracker[]): Promise<void> {
  return mark(store, lease, MARK_WAITING, [], trackers);
}

/** These updates are over without having been counted, for the reason `code` (SPEC §16). @throws `state/lease` */
export function markReturned(store: BoxStore, lease: Lease, trackers: readonly Tracker[], code: string): Promise<void> {
  return mark(store, lease, MARK_RETURNED, [code], trackers);
}

async function mark(
  { bytes }: BoxStore,
  lease: Lease,
  script: typeof MARK_SENT,
  args: readonly string[],
  trackers: readonly Tracker[],
): Promise<void> {
  const done = await runScript(bytes, script, [], [String(lease.number), ...args, ...trackers]);
  requireLease(done === 1);
}

function requireLease(isHeld: boolean): void {
  require(isHeld, 'state/lease', 'another process posts for this box by now');
}
