import { beforeEach, describe, expect, it } from '@jest/globals';
import { wordHex } from '../../../protocol/encoding.ts';
import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import type { Lease } from '../../../server/ballot-box/store/lease.ts';
import { dropLease, renewLease, takeLease } from '../../../server/ballot-box/store/lease.ts';
import type { CheckedUpdate } from '../../../server/ballot-box/store/updates.ts';
import { acceptUpdate, findFate, layUpdates, wordBytes } from '../../../server/ballot-box/store/updates.ts';
import {
  claimUpdates,
  countWaiting,
  drawFirsts,
  drawLaters,
  markReturned,
  markSent,
  markWaiting,
  notSent,
  sentUpdates,
} from '../../../server/ballot-box/store/waiting.ts';
import { TX, chainHas, codeOf, ownStore, stateOf, update } from './own-store.ts';

const CONTEXT = { chainId: 31337, election: `0x${'ab'.repeat(20)}`, definitionHash: wordHex(7n) } as const;
/** Voting is still open. */
const OPEN = true;

const theStore = ownStore(CONTEXT, `0x${'cd'.repeat(20)}`);
let store: BoxStore;
beforeEach(() => {
  store = theStore();
});

async function lease(): Promise<Lease> {
  const taken = await takeLease(store, 60_000);
  if (taken === undefined) throw new Error('nobody else posts');
  return taken;
}

describe('layUpdates', () => {
  const lay = (...masks: CheckedUpdate[]): Promise<void> => layUpdates(store, 0, { round: 1, by: 1_000 }, masks);
  const waiting = async (): Promise<bigint[]> => (await drawLaters(store, 0, 10)).map(({ next }) => next).sort();

  it('lays masks where nothing waits, and never in the place of anything', async () => {
    for (const slot of [5n, 6n, 7n]) await chainHas(store, slot, 50n);
    const vote = await acceptUpdate(store, update(5n, 50n, 60n), OPEN);
    const sent = await acceptUpdate(store, update(7n, 50n, 61n), OPEN);
    await markSent(store, await lease(), [sent.tracker], TX);
    await lay(...[5n, 6n, 7n].map((slot) => update(slot, 50n, 70n + slot)));
    expect([await stateOf(store, vote.tracker), await stateOf(store, sent.tracker)]).toEqual(['waiting', 'sent']);
    expect(await waiting()).toEqual([60n, 76n]);
    await lay(update(6n, 50n, 80n));
    expect(await waiting()).toEqual([60n, 76n]);
    const voted = await acceptUpdate(store, update(6n, 50n, 90n), OPEN);
    expect(await waiting()).toEqual([60n, 90n]);
    expect(await store.redis.xLen(KEYS.updates)).toBe(3);
    expect(await stateOf(store, voted.tracker)).toBe('waiting');
  });

  it('lays nothing over a slot that has moved on, and settles what waited for it', async () => {
    await chainHas(store, 5n, 50n);
    const { tracker } = await acceptUpdate(store, update(5n, 50n, 60n), OPEN);
    await chainHas(store, 5n, 51n);
    await lay(update(5n, 50n, 70n), update(6n, 50n, 70n));
    expect(await waiting()).toEqual([60n]);
    await lay(update(5n, 51n, 71n));
    expect([await stateOf(store, tracker), await waiting()]).toEqual(['returned update/stale', [71n]]);
  });

  it('leaves a mask and a vote alike: members, sizes, and places in the stream that mix', async () => {
    const slots = Array.from({ length: 40 }, (_, i) => 100n + BigInt(i));
    for (const slot of slots) await chainHas(store, slot, 50n);
    const voted = slots.filter((slot) => slot % 3n === 0n);
    for (const slot of voted) await acceptUpdate(store, update(slot, 50n, 1_000n + slot), OPEN);
    await lay(...slots.map((slot) => update(slot, 50n, 2_000n + slot)));
    const laid = await drawLaters(store, 0, 100);
    expect(
      laid
        .filter(({ next }) => next < 2_000n)
        .map(({ slot }) => slot)
        .sort(),
    ).toEqual(voted);
    const shapes = laid.map(async ({ tracker }) => {
      const all = await store.redis.hGetAll(`${KEYS.update}${tracker}`);
      const ttl = await store.redis.ttl(`${KEYS.update}${tracker}`);
      return [
        ttl,
        ...Object.entries(all)
          .sort()
          .map(([name, value]) => [name, name === 'i' ? 0 : value.length]),
      ];
    });
    expect(new Set((await Promise.all(shapes)).map((shape) => JSON.stringify(shape))).size).toBe(1);
    // The stream's order is that in which slots were named, votes and masks alike.
    const order = ((await store.redis.xRange(KEYS.updates, '-', '+')) ?? []).map((entry) => entry?.message['t']);
    const bySlot = new Map(laid.map(({ tracker, slot }) => [tracker as string, slot]));
    expect(order.map((tracker) => bySlot.get(tracker ?? ''))).toEqual(slots);
  });

  it('lays nothing while the chain is read again', async () => {
    await chainHas(store, 5n, 50n);
    await store.redis.set(KEYS.resync, '7');
    expect(await codeOf(lay(update(5n, 50n, 60n)))).toBe('busy/chain');
    expect(await waiting()).toEqual([]);
  });
});

describe('claimUpdates', () => {
  it('takes in one step what waits for slots as they are, in their order, and nothing takes its place any more', async () => {
    for (const slot of [5n, 6n, 7n]) await chainHas(store, slot, 50n);
    for (const slot of [5n, 6n, 7n]) await acceptUpdate(store, update(slot, 50n, 60n + slot), OPEN);
    await acceptUpdate(store, update(8n, 0n, 80n), OPEN);
    await chainHas(store, 6n, 51n);
    const mine = await lease();
    const wanted = [7n, 6n, 8n, 9n, 5n].map((slot) => ({ slot, first: false }));
    expect((await claimUpdates(store, mine, 0, wanted)).map(({ next }) => next)).toEqual([67n, 65n]);
    expect(await claimUpdates(store, mine, 0, wanted)).toEqual([]);
    const [first] = await claimUpdates(store, mine, 0, [{ slot: 8n, first: true }]);
    expect(first).toMatchObject({ next: 80n, first: true, words: Uint8Array.from(wordBytes(80n)) });
    expect(await codeOf(acceptUpdate(store, update(7n, 50n, 90n), OPEN))).toBe('update/pending');
    expect(await notSent(store, 0, wanted)).toEqual([
      { slot: 6n, first: false },
      { slot: 9n, first: false },
    ]);
    await markWaiting(store, mine, [first!.tracker]);
    expect((await drawFirsts(store, 0, 10)).map(({ next }) => next)).toEqual([80n]);
  });

  it('is refused once another process has the lease', async () => {
    await acceptUpdate(store, update(8n, 0n, 80n), OPEN);
    const old = await lease();
    await store.redis.del(KEYS.lease);
    await lease();
    expect(await codeOf(claimUpdates(store, old, 0, [{ slot: 8n, first: true }]))).toBe('state/lease');
    expect(await countWaiting(store, 0)).toEqual({ firsts: 1, laters: 0 });
  });
});

describe('marks', () => {
  it('move an update from waiting to sent and back', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
    const mine = await lease();
    await markSent(store, mine, [tracker], TX);
    expect(await findFate(store, tracker)).toMatchObject({ state: 'sent', transaction: TX });
    expect(await drawFirsts(store, 0, 10)).toEqual([]);
    const sent: string[] = [];
    for await (const part of sentUpdates(store)) sent.push(...part.map((each) => each.tracker));
    expect(sent).toEqual([tracker]);
    await markWaiting(store, mine, [tracker]);
    expect(await stateOf(store, tracker)).toBe('waiting');
    expect(await drawFirsts(store, 0, 10)).toHaveLength(1);
    await markReturned(store, mine, [tracker], 'update/proof');
    expect(await stateOf(store, tracker)).toBe('returned update/proof');
    expect(await store.redis.xLen(KEYS.updates)).toBe(0);
  });

  it('are refused once another process has the lease', async () => {
    const { tracker } = await acceptUpdate(store, update(5n, 0n, 50n), OPEN);
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
    expect(await stateOf(store, tracker)).toBe('waiting');
    await markSent(store, young, [tracker], TX);
    await dropLease(store, young);
    expect((await lease()).number).toBeGreaterThan(young.number);
  });
});
