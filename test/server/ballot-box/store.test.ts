import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { openStore } from '../../../server/ballot-box/store/box-store.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { takeLease } from '../../../server/ballot-box/store/lease.ts';
import { pruneUpdates, reviveUpdates, settleUpdates } from '../../../server/ballot-box/store/settle.ts';
import { acceptUpdate, findFate, findPromise, wordBytes } from '../../../server/ballot-box/store/updates.ts';
import {
  countDue,
  countWaiting,
  drawFirsts,
  drawLaters,
  markSent,
  markWaiting,
  pollsDue,
  storeTime,
} from '../../../server/ballot-box/store/waiting.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { TX, chainHas, codeOf, ownStore, stateOf, update } from './own-store.ts';

const CONTEXT = { chainId: 31337, election: `0x${'ab'.repeat(20)}`, definitionHash: wordHex(7n) } as const;
const BOX = `0x${'cd'.repeat(20)}` as const;
/** Whether voting is still open. */
const [OPEN, OVER] = [true, false] as const;

const theStore = ownStore(CONTEXT, BOX);
let store: BoxStore;
beforeEach(() => {
  store = theStore();
});

describe('openStore', () => {
  it('refuses the Redis of another box', async () => {
    await openStore(store.redis, CONTEXT, BOX);
    expect(await codeOf(openStore(store.redis, CONTEXT, `0x${'ce'.repeat(20)}`))).toBe('redis/election');
  });

  it('refuses what another version has stored in another form, and touches nothing of it', async () => {
    const { redis } = store;
    const about = canonicalJson({ ...CONTEXT, box: BOX });
    // A first cast that waits, as the first form has it: which form it is, is not said, and who waits is a set.
    const tracker = 'ab'.repeat(16);
    await redis.set(KEYS.about, about);
    await redis.hSet(`${KEYS.update}${tracker}`, { s: 'waiting', p: '0', f: '1', i: '1-0' });
    await redis.sAdd(`${KEYS.firsts}0`, tracker);
    for (const form of [undefined, '1', '3', 'x']) {
      if (form !== undefined) await redis.set(KEYS.form, form);
      const before = await held(redis);
      expect(await codeOf(openStore(redis, CONTEXT, BOX))).toBe('redis/form');
      expect(await held(redis)).toEqual(before);
    }
    expect(await redis.sMembers(`${KEYS.firsts}0`)).toEqual([tracker]);
    // Its own it opens as often as it likes, from several processes that start at once, too.
    await redis.flushAll();
    await Promise.all([1, 2, 3].map(() => openStore(redis, CONTEXT, BOX)));
    expect(await redis.mGet([KEYS.about, KEYS.form])).toEqual([about, '2']);
  });
});

/** All that a Redis holds, as it would be copied elsewhere. */
async function held(redis: BoxStore['redis']): Promise<[string, string][]> {
  const keys = (await redis.keys('*')).sort();
  return Promise.all(keys.map(async (key): Promise<[string, string]> => [key, String(await redis.dump(key))]));
}

describe('acceptUpdate', () => {
  it('gives the very same update the same tracker, and trackers that have nothing to do with it', async () => {
    const first = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    expect(await acceptUpdate(store, { ...update(5n, 0n, 50n), round: 3, by: 5 }, OPEN)).toEqual(first);
    expect(await findPromise(store, update(5n, 0n, 50n))).toEqual(first);
    expect(await findPromise(store, update(5n, 0n, 51n))).toBeUndefined();
    await store.redis.flushAll();
    expect((await acceptUpdate(store, update(5n, 0n, 50n), OPEN)).tracker).not.toBe(first.tracker);
    expect(first.tracker).toMatch(/^[0-9a-f]{32}$/u);
  });

  it('takes one of many at once, whoever comes first', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, () => acceptUpdate(store, update(5n, 0n, 50n), OPEN)));
    expect(new Set(taken.map(({ tracker }) => tracker)).size).toBe(1);
    expect(await countWaiting(store, 0)).toEqual({ firsts: 1, laters: 0 });
    expect(await store.redis.xLen(KEYS.updates)).toBe(1);
  });

  it('answers a stale head before anything is looked up', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await chainHas(store, 5n, 51n);
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 50n), OPEN))).toBe('update/stale');
    expect(await codeOf(acceptUpdate(store, update(6n, 60n, 61n), OPEN))).toBe('update/stale');
    expect(await stateOf(store, tracker)).toBe('waiting');
  });

  it('lets a vote take the place of what waits, of whose slot nothing is kept', async () => {
    await chainHas(store, 5n, 50n);
    const vote = await acceptUpdate(store, update(5n, 50n, 70n), OPEN);
    const later = await acceptUpdate(store, update(5n, 50n, 90n), OPEN);
    expect(await stateOf(store, vote.tracker)).toBe('returned update/replaced');
    expect(await store.redis.hKeys(`${KEYS.update}${vote.tracker}`)).not.toContain('n');
    expect((await drawLaters(store, 0, 10)).map(({ tracker }) => tracker)).toEqual([later.tracker]);
    expect(await store.redis.xLen(KEYS.updates)).toBe(1);
  });

  it('takes nothing for a slot whose update is on its way, except that one again', async () => {
    const sent = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await markSent(store, (await takeLease(store, 60_000))!, [sent.tracker], TX);
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 60n), OPEN))).toBe('update/pending');
    expect(await acceptUpdate(store, update(5n, 0n, 50n), OPEN)).toEqual(sent);
  });

  it('takes only what it knows once voting is over', async () => {
    const known = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    expect(await acceptUpdate(store, update(5n, 0n, 50n), OVER)).toEqual(known);
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 51n), OVER))).toBe('state/closed');
    expect(await codeOf(acceptUpdate(store, update(6n, 0n, 50n), OVER))).toBe('state/closed');
    expect(await stateOf(store, known.tracker)).toBe('waiting');
  });

  it('holds no more than it may', async () => {
    await acceptUpdate(store, update(5n, 0n, 50n), OPEN, 2);
    await acceptUpdate(store, update(6n, 0n, 50n), OPEN, 2);
    expect(await codeOf(acceptUpdate(store, update(7n, 0n, 50n), OPEN, 2))).toBe('busy/queue');
  });

  it('takes nothing while the chain is read again', async () => {
    await store.redis.set(KEYS.resync, '7');
    expect(await codeOf(acceptUpdate(store, update(5n, 0n, 50n), OPEN))).toBe('busy/chain');
  });

  it('settles by itself what the chain has changed meanwhile', async () => {
    const first = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await chainHas(store, 5n, 50n, 12);
    await acceptUpdate(store, update(5n, 50n, 60n), OPEN);
    expect(await findFate(store, first.tracker)).toMatchObject({ state: 'confirmed', transaction: TX, block: 12 });
  });
});

describe('drawFirsts', () => {
  it('draws those that have been due for longest, with bodies, and of others only if asked for', async () => {
    const waits = [1_000, 5_000, 0, 2_000, 9_000].map((wait, i) => ({
      ...update(BigInt(i + 1), 0n, BigInt(1001 + i)),
      wait,
    }));
    for (const each of waits) await acceptUpdate(store, each, OPEN);
    const now = await storeTime(store);
    const drawn = async (count: number, until?: number): Promise<bigint[]> =>
      (await drawFirsts(store, 0, count, until)).map(({ slot }) => slot);
    expect(await drawn(9)).toEqual([3n, 1n, 4n, 2n, 5n]);
    expect(await drawn(2)).toEqual([3n, 1n]);
    expect(await drawn(9, now)).toEqual([3n]);
    expect(await drawn(9, now + 3_000_000)).toEqual([3n, 1n, 4n]);
    const [one] = await drawFirsts(store, 0, 1);
    expect(one).toMatchObject({ poll: 0, first: true, head: 0n, next: 1003n, round: 1, state: 'waiting' });
    expect(Buffer.from(one!.words)).toEqual(wordBytes(1003n));
  });

  it('keeps the place of one that was sent in vain, or that the chain has given up', async () => {
    const { tracker } = await acceptUpdate(store, { ...update(1n, 0n, 11n), wait: 5 }, OPEN);
    await acceptUpdate(store, { ...update(2n, 0n, 12n), wait: 60 }, OPEN);
    const lease = (await takeLease(store, 60_000))!;
    const order = async (): Promise<bigint[]> => (await drawFirsts(store, 0, 9)).map(({ slot }) => slot);
    await markSent(store, lease, [tracker], TX);
    await markWaiting(store, lease, [tracker]);
    expect(await order()).toEqual([1n, 2n]);
    await chainHas(store, 1n, 11n, 12);
    await settleUpdates(store);
    expect(await order()).toEqual([2n]);
    await store.redis.hDel(`${KEYS.slots}0`, wordBytes(1n));
    expect(await reviveUpdates(store)).toBe(1);
    expect(await order()).toEqual([1n, 2n]);
  });
});

describe('pollsDue', () => {
  it('names the poll first in which somebody has waited longest: none waits until another has nothing left', async () => {
    const casts = [
      { ...update(1n, 0n, 11n), poll: 2, wait: 40 },
      { ...update(2n, 0n, 12n), poll: 0, wait: 60 },
      { ...update(3n, 0n, 13n), poll: 3, wait: 20 },
      { ...update(4n, 0n, 14n), poll: 2, wait: 300 },
    ];
    for (const each of casts) await acceptUpdate(store, each, OPEN);
    const now = await storeTime(store);
    expect(await pollsDue(store, 4, Infinity)).toEqual([3, 2, 0]);
    expect(await pollsDue(store, 4, now + 50_000)).toEqual([3, 2]);
    expect([await countDue(store, 4, now + 50_000), await countDue(store, 4, Infinity)]).toEqual([2, 4]);
  });
});

describe('settleUpdates', () => {
  it('confirms what the chain took and returns what it can take no more', async () => {
    const counted = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    const late = await acceptUpdate(store, update(6n, 0n, 60n), OPEN);
    const other = await acceptUpdate(store, update(7n, 0n, 70n), OPEN);
    await chainHas(store, 5n, 50n, 12);
    await chainHas(store, 6n, 61n, 12);
    expect(await settleUpdates(store)).toBe(2);
    expect(await findFate(store, counted.tracker)).toMatchObject({ state: 'confirmed', transaction: TX, block: 12 });
    expect(await stateOf(store, late.tracker)).toBe('returned update/stale');
    expect(await stateOf(store, other.tracker)).toBe('waiting');
    expect(await settleUpdates(store)).toBe(0);
    expect(await countWaiting(store, 0)).toEqual({ firsts: 1, laters: 0 });
  });

  it('confirms what the chain took even where it has moved on since', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await chainHas(store, 5n, 51n, 13);
    const key = Buffer.concat([Buffer.from('0:'), wordBytes(5n)]);
    await store.redis.hSet(KEYS.unsettled, key, `12:${TX}:${tracker}`);
    expect(await settleUpdates(store)).toBe(1);
    expect(await findFate(store, tracker)).toMatchObject({ state: 'confirmed', transaction: TX, block: 12 });
  });

  it('decides nothing while the chain is read again', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await store.redis.set(KEYS.resync, '7');
    await chainHas(store, 5n, 51n, 12);
    expect(await settleUpdates(store)).toBe(0);
    expect(await stateOf(store, tracker)).toBe('waiting');
    await store.redis.del(KEYS.resync);
    expect(await settleUpdates(store)).toBe(1);
  });
});

describe('reviveUpdates', () => {
  it('makes wait again what the chain has given up, and nothing else', async () => {
    const lost = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    const kept = await acceptUpdate(store, update(6n, 0n, 60n), OPEN);
    await chainHas(store, 5n, 50n, 12);
    await chainHas(store, 6n, 60n, 12);
    await settleUpdates(store);
    await store.redis.hDel(`${KEYS.slots}0`, wordBytes(5n));
    expect(await reviveUpdates(store)).toBe(1);
    expect(await findFate(store, lost.tracker)).toMatchObject({ state: 'waiting', transaction: undefined });
    expect(await stateOf(store, kept.tracker)).toBe('confirmed');
    expect((await drawFirsts(store, 0, 9)).map(({ next }) => next)).toEqual([50n]);
  });
});

describe('reviveUpdates where a changed vote waits upon what was given up', () => {
  it('posts the first again, and behind it what was made upon it', async () => {
    const lost = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await chainHas(store, 5n, 50n, 12);
    await settleUpdates(store);
    const upon = await acceptUpdate(store, update(5n, 50n, 60n), OPEN);
    await store.redis.hDel(`${KEYS.slots}0`, wordBytes(5n));
    expect(await reviveUpdates(store)).toBe(1);
    const both = async () => [await stateOf(store, lost.tracker), await stateOf(store, upon.tracker)];
    expect(await both()).toEqual(['waiting', 'waiting']);
    expect(await countWaiting(store, 0)).toEqual({ firsts: 1, laters: 0 });
    await chainHas(store, 5n, 50n, 14);
    await settleUpdates(store);
    expect(await both()).toEqual(['confirmed', 'waiting']);
    expect((await drawLaters(store, 0, 9)).map(({ next }) => next)).toEqual([60n]);
    await chainHas(store, 5n, 60n, 15);
    await settleUpdates(store);
    expect(await both()).toEqual(['confirmed', 'confirmed']);
  });

  it('has what was made upon it made again where the chain has taken something else', async () => {
    const lost = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await chainHas(store, 5n, 50n, 12);
    await settleUpdates(store);
    const upon = await acceptUpdate(store, update(5n, 50n, 60n), OPEN);
    await store.redis.hDel(`${KEYS.slots}0`, wordBytes(5n));
    await reviveUpdates(store);
    await chainHas(store, 5n, 51n, 14);
    expect(await settleUpdates(store)).toBe(1);
    const states = [await stateOf(store, lost.tracker), await stateOf(store, upon.tracker)];
    expect(states).toEqual(['returned update/stale', 'returned update/stale']);
    expect(await store.redis.hLen(`${KEYS.live}0`)).toBe(0);
  });

  it('leaves in its place another update for the same state', async () => {
    const lost = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await chainHas(store, 5n, 50n, 12);
    await settleUpdates(store);
    await store.redis.hDel(`${KEYS.slots}0`, wordBytes(5n));
    const other = await acceptUpdate(store, update(5n, 0n, 51n), OPEN);
    expect(await reviveUpdates(store)).toBe(0);
    expect([await stateOf(store, lost.tracker), await stateOf(store, other.tracker)]).toEqual([
      'returned update/replaced',
      'waiting',
    ]);
  });
});

describe('pruneUpdates', () => {
  it('forgets the bodies of what is final and goes on telling its fate', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    await chainHas(store, 5n, 50n, 12);
    await settleUpdates(store);
    await pruneUpdates(store, 11);
    expect(await store.redis.xLen(KEYS.updates)).toBe(1);
    await pruneUpdates(store, 12);
    expect(await store.redis.xLen(KEYS.updates)).toBe(0);
    expect(await stateOf(store, tracker)).toBe('confirmed');
    expect(await store.redis.ttl(`${KEYS.update}${tracker}`)).toBeGreaterThan(0);
  });
});
