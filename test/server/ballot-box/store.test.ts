import { beforeEach, describe, expect, it } from '@jest/globals';
import { packSlot } from '../../../server/ballot-box/followed/slot-bytes.ts';
import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { openStore } from '../../../server/ballot-box/store/box-store.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { dropLease, renewLease, takeLease } from '../../../server/ballot-box/store/lease.ts';
import type { Lease } from '../../../server/ballot-box/store/lease.ts';
import { pruneUpdates, reviveUpdates, settleUpdates } from '../../../server/ballot-box/store/settle.ts';
import type { CheckedUpdate, Tracker } from '../../../server/ballot-box/store/updates.ts';
import { acceptUpdate, findFate, findPromise, wordBytes } from '../../../server/ballot-box/store/updates.ts';
import {
  countWaiting,
  drawFirsts,
  drawLaters,
  liveOf,
  markReturned,
  markSent,
  markWaiting,
  sentUpdates,
} from '../../../server/ballot-box/store/waiting.ts';
import { emptyCiphertext } from '../../../protocol/ballot/ciphertext.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { ownStore } from './own-store.ts';

const CONTEXT = { chainId: 31337, election: `0x${'ab'.repeat(20)}`, definitionHash: wordHex(7n) } as const;
const BOX = `0x${'cd'.repeat(20)}` as const;
const VOTE = { replaces: true, open: true };
const MASK = { replaces: false, open: true };
const GRACE = { replaces: true, open: false };
const TX = wordHex(99n);

const theStore = ownStore(CONTEXT, BOX);
let store: BoxStore;
beforeEach(() => {
  store = theStore();
});

function update(slot: bigint, head: bigint, next: bigint): CheckedUpdate {
  const words = Uint8Array.from(wordBytes(next));
  return { poll: 0, slot, first: head === 0n, head, next, words, round: 1, by: 1_000 };
}

/** The slot as if the chain had it so; says so to the box if `block` is given. */
async function chainHas(slot: bigint, head: bigint, block?: number): Promise<void> {
  const bytes = packSlot({ head: head as Field, previousHead: 0n, round: 0, ciphertext: emptyCiphertext(1) });
  await store.redis.hSet(`${KEYS.slots}0`, wordBytes(slot), bytes);
  if (block !== undefined) {
    await store.redis.hSet(KEYS.unsettled, Buffer.concat([Buffer.from('0:'), wordBytes(slot)]), `${block}:${TX}`);
  }
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: unknown) => String((error as { code?: string }).code),
  );
}

async function stateOf(tracker: Tracker): Promise<string> {
  const fate = await findFate(store, tracker);
  return [fate?.state, fate?.code].filter((each) => each !== '').join(' ');
}

async function lease(): Promise<Lease> {
  const taken = await takeLease(store, 60_000);
  if (taken === undefined) throw new Error('nobody else posts');
  return taken;
}

describe('openStore', () => {
  it('refuses the Redis of another box', async () => {
    await openStore(store.redis, CONTEXT, BOX);
    expect(await codeOf(openStore(store.redis, CONTEXT, `0x${'ce'.repeat(20)}`))).toBe('redis/election');
  });
});

describe('acceptUpdate', () => {
  it('gives the very same update the same tracker, and trackers that have nothing to do with it', async () => {
    const first = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    expect(await acceptUpdate(store, { ...update(5n, 0n, 50n), round: 3, by: 5 }, VOTE)).toEqual(first);
    expect(await findPromise(store, update(5n, 0n, 50n))).toEqual(first);
    expect(await findPromise(store, update(5n, 0n, 51n))).toBeUndefined();
    await store.redis.flushAll();
    expect((await acceptUpdate(store, update(5n, 0n, 50n), VOTE)).tracker).not.toBe(first.tracker);
    expect(first.tracker).toMatch(/^[0-9a-f]{32}$/u);
  });

  it('takes one of many at once, whoever comes first', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, () => acceptUpdate(store, update(5n, 0n, 50n), VOTE)));
    expect(new Set(taken.map(({ tracker }) => tracker)).size).toBe(1);
    expect(await countWaiting(store, 0)).toEqual({ firsts: 1, laters: 0 });
    expect(await store.redis.xLen(KEYS.updates)).toBe(1);
  });

  it('answers a stale head before anything is looked up', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    await chainHas(5n, 51n);
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 50n), VOTE))).toBe('update/stale');
    expect(await codeOf(acceptUpdate(store, update(6n, 60n, 61n), VOTE))).toBe('update/stale');
    expect(await stateOf(tracker)).toBe('waiting');
  });

  it('lets a vote take the place of what waits, of whose slot nothing is kept, and a mask never', async () => {
    await chainHas(5n, 50n);
    const mask = await acceptUpdate(store, update(5n, 50n, 60n), MASK);
    const vote = await acceptUpdate(store, update(5n, 50n, 70n), VOTE);
    expect(await stateOf(mask.tracker)).toBe('returned update/replaced');
    expect(await codeOf(acceptUpdate(store, update(5n, 50n, 80n), MASK))).toBe('update/waiting');
    const later = await acceptUpdate(store, update(5n, 50n, 90n), VOTE);
    expect(await store.redis.hKeys(`${KEYS.update}${vote.tracker}`)).not.toContain('n');
    expect((await drawLaters(store, 0, 10)).map(({ tracker }) => tracker)).toEqual([later.tracker]);
    expect(await store.redis.xLen(KEYS.updates)).toBe(1);
  });

  it('stores a mask and a vote alike', async () => {
    await chainHas(5n, 50n);
    await chainHas(6n, 50n);
    const [vote, mask] = [
      await acceptUpdate(store, update(5n, 50n, 60n), VOTE),
      await acceptUpdate(store, update(6n, 50n, 70n), MASK),
    ];
    const shape = async ({ tracker }: { tracker: Tracker }): Promise<unknown> => {
      const all = await store.redis.hGetAll(`${KEYS.update}${tracker}`);
      return Object.entries(all).map(([name, value]) => [name, name === 'i' ? 0 : value.length]);
    };
    expect(await shape(vote)).toEqual(await shape(mask));
    const entries = (await store.redis.xRange(KEYS.updates, '-', '+')) ?? [];
    const [first, second] = entries.map((entry) => entry?.message);
    expect(Object.keys(first ?? {})).toEqual(Object.keys(second ?? {}));
  });

  it('takes nothing for a slot whose update is on its way, except that one again', async () => {
    const sent = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    await markSent(store, await lease(), [sent.tracker], TX);
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 60n), VOTE))).toBe('update/pending');
    expect(await acceptUpdate(store, update(5n, 0n, 50n), VOTE)).toEqual(sent);
  });

  it('takes only what it knows once voting is over', async () => {
    const known = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    expect(await acceptUpdate(store, update(5n, 0n, 50n), GRACE)).toEqual(known);
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 51n), GRACE))).toBe('state/closed');
    expect(await codeOf(acceptUpdate(store, update(6n, 0n, 50n), GRACE))).toBe('state/closed');
    expect(await stateOf(known.tracker)).toBe('waiting');
  });

  it('holds no more than it may', async () => {
    await acceptUpdate(store, update(5n, 0n, 50n), VOTE, 2);
    await acceptUpdate(store, update(6n, 0n, 50n), VOTE, 2);
    expect(await codeOf(acceptUpdate(store, update(7n, 0n, 50n), VOTE, 2))).toBe('busy/queue');
  });

  it('takes nothing while the chain is read again', async () => {
    await store.redis.set(KEYS.resync, '7');
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 50n), VOTE))).toBe('busy/chain');
  });

  it('settles by itself what the chain has changed meanwhile', async () => {
    const first = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    await chainHas(5n, 50n, 12);
    await acceptUpdate(store, update(5n, 50n, 60n), VOTE);
    expect(await findFate(store, first.tracker)).toMatchObject({ state: 'confirmed', transaction: TX, block: 12 });
  });
});

describe('drawFirsts', () => {
  it('draws at random, without repetition, with bodies', async () => {
    for (let i = 1n; i <= 40n; i++) await acceptUpdate(store, update(i, 0n, 1000n + i), VOTE);
    const draws = await Promise.all([drawFirsts(store, 0, 30), drawFirsts(store, 0, 30)]);
    const orders = draws.map((draw) => draw.map(({ slot }) => String(slot)));
    expect(orders.map((order) => new Set(order).size)).toEqual([30, 30]);
    expect(orders[0]).not.toEqual(orders[1]);
    expect(orders[0]).not.toEqual([...at(orders, 0)].sort((a, b) => Number(a) - Number(b)));
    const one = at(at(draws, 0), 0);
    expect(one).toMatchObject({ poll: 0, first: true, head: 0n, next: 1000n + one.slot, round: 1, state: 'waiting' });
    expect(Buffer.from(one.words)).toEqual(wordBytes(one.next));
  });
});

describe('liveOf', () => {
  it('finds the updates of slots, in their order', async () => {
    await chainHas(5n, 50n);
    await acceptUpdate(store, update(5n, 50n, 60n), VOTE);
    await acceptUpdate(store, update(7n, 0n, 70n), VOTE);
    const found = await liveOf(store, 0, [7n, 6n, 5n]);
    expect(found.map((each) => each?.next)).toEqual([70n, undefined, 60n]);
    expect(await liveOf(store, 0, [])).toEqual([]);
  });
});

describe('marks', () => {
  it('move an update from waiting to sent and back', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    const mine = await lease();
    await markSent(store, mine, [tracker], TX);
    expect(await findFate(store, tracker)).toMatchObject({ state: 'sent', transaction: TX });
    expect(await drawFirsts(store, 0, 10)).toEqual([]);
    const sent: string[] = [];
    for await (const part of sentUpdates(store)) sent.push(...part.map((each) => each.tracker));
    expect(sent).toEqual([tracker]);
    await markWaiting(store, mine, [tracker]);
    expect(await stateOf(tracker)).toBe('waiting');
    expect(await drawFirsts(store, 0, 10)).toHaveLength(1);
    await markReturned(store, mine, [tracker], 'update/proof');
    expect(await stateOf(tracker)).toBe('returned update/proof');
    expect(await store.redis.xLen(KEYS.updates)).toBe(0);
  });

  it('are refused once another process has the lease', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    const old = await lease();
    expect(await takeLease(store, 60_000)).toBeUndefined();
    expect(await renewLease(store, old, 60_000)).toBe(true);
    await store.redis.del(KEYS.lease);
    const young = await lease();
    expect(young.number).toBeGreaterThan(old.number);
    expect(await renewLease(store, old, 60_000)).toBe(false);
    await dropLease(store, old);
    expect(await codeOf(markSent(store, old, [tracker], TX))).toBe('state/lease');
    expect(await codeOf(markReturned(store, old, [tracker], 'update/proof'))).toBe('state/lease');
    expect(await stateOf(tracker)).toBe('waiting');
    await markSent(store, young, [tracker], TX);
    await dropLease(store, young);
    expect((await lease()).number).toBeGreaterThan(young.number);
  });
});

describe('settleUpdates', () => {
  it('confirms what the chain took and returns what it can take no more', async () => {
    const counted = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    const late = await acceptUpdate(store, update(6n, 0n, 60n), VOTE);
    const other = await acceptUpdate(store, update(7n, 0n, 70n), VOTE);
    await chainHas(5n, 50n, 12);
    await chainHas(6n, 61n, 12);
    expect(await settleUpdates(store)).toBe(2);
    expect(await findFate(store, counted.tracker)).toMatchObject({ state: 'confirmed', transaction: TX, block: 12 });
    expect(await stateOf(late.tracker)).toBe('returned update/stale');
    expect(await stateOf(other.tracker)).toBe('waiting');
    expect(await settleUpdates(store)).toBe(0);
    expect(await countWaiting(store, 0)).toEqual({ firsts: 1, laters: 0 });
  });

  it('decides nothing while the chain is read again', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    await store.redis.set(KEYS.resync, '7');
    await chainHas(5n, 51n, 12);
    expect(await settleUpdates(store)).toBe(0);
    expect(await stateOf(tracker)).toBe('waiting');
    await store.redis.del(KEYS.resync);
    expect(await settleUpdates(store)).toBe(1);
  });
});

describe('reviveUpdates', () => {
  it('makes wait again what the chain has given up, and nothing else', async () => {
    const lost = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    const kept = await acceptUpdate(store, update(6n, 0n, 60n), VOTE);
    await chainHas(5n, 50n, 12);
    await chainHas(6n, 60n, 12);
    await settleUpdates(store);
    await store.redis.hDel(`${KEYS.slots}0`, wordBytes(5n));
    expect(await reviveUpdates(store)).toBe(1);
    expect(await findFate(store, lost.tracker)).toMatchObject({ state: 'waiting', transaction: undefined });
    expect(await stateOf(kept.tracker)).toBe('confirmed');
    expect((await drawFirsts(store, 0, 9)).map(({ next }) => next)).toEqual([50n]);
  });
});

describe('pruneUpdates', () => {
  it('forgets the bodies of what is final and goes on telling its fate', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), VOTE);
    await chainHas(5n, 50n, 12);
    await settleUpdates(store);
    await pruneUpdates(store, 11);
    expect(await store.redis.xLen(KEYS.updates)).toBe(1);
    await pruneUpdates(store, 12);
    expect(await store.redis.xLen(KEYS.updates)).toBe(0);
    expect(await stateOf(tracker)).toBe('confirmed');
    expect(await store.redis.ttl(`${KEYS.update}${tracker}`)).toBeGreaterThan(0);
  });
});
