import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Posting } from '../../../protocol/checks/replay/ballots-replay.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { firstTurn } from '../../../server/ballot-box/intake/turn.ts';
import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import type { Lease } from '../../../server/ballot-box/store/lease.ts';
import { takeLease } from '../../../server/ballot-box/store/lease.ts';
import { settleUpdates } from '../../../server/ballot-box/store/settle.ts';
import { noteSent, queueSeconds } from '../../../server/ballot-box/store/throughput.ts';
import { acceptUpdate } from '../../../server/ballot-box/store/updates.ts';
import { drawFirsts, markSent } from '../../../server/ballot-box/store/waiting.ts';
import { TX, chainHas, codeOf, ownStore, update } from './own-store.ts';

const CONTEXT = { chainId: 31337, election: `0x${'ab'.repeat(20)}`, definitionHash: wordHex(7n) } as const;
const theStore = ownStore(CONTEXT, `0x${'cd'.repeat(20)}`);
let store: BoxStore;
let lease: Lease;
beforeEach(async () => {
  store = theStore();
  lease = (await takeLease(store, 600_000))!;
});

async function cast(slot: bigint, by = 0): Promise<void> {
  await acceptUpdate(store, { ...update(slot, 0n, slot + 1n), by }, true);
}

describe('queueSeconds', () => {
  it('is what waits and is on its way, in all polls, by the assumed rate until one was measured', async () => {
    expect(await queueSeconds(store, 2, 4)).toBe(0);
    for (let slot = 10n; slot < 16n; slot++) await cast(slot);
    await acceptUpdate(store, { ...update(3n, 0n, 4n), poll: 1, wait: 90 }, true);
    const [first] = await drawFirsts(store, 0, 1);
    await markSent(store, lease, [first!.tracker], TX);
    expect(await queueSeconds(store, 2, 4)).toBe(7 / 4);
    await noteSent(store, lease, 20, 10_000);
    expect(await queueSeconds(store, 2, 4)).toBe(7 / 2);
  });

  it('follows the rate of late, and is finite where nothing could be sent for long', async () => {
    for (let slot = 10n; slot < 20n; slot++) await cast(slot);
    for (let i = 0; i < 60; i++) await noteSent(store, lease, 20, 10_000);
    expect(await queueSeconds(store, 1, 4)).toBeCloseTo(10 / 2, 6);
    for (let i = 0; i < 60; i++) await noteSent(store, lease, 5, 10_000);
    const slower = await queueSeconds(store, 1, 4);
    expect([slower > 19, slower < 20.01]).toEqual([true, true]);
    for (let i = 0; i < 300; i++) await noteSent(store, lease, 0, 10_000);
    expect(Number.isFinite(await queueSeconds(store, 1, 4))).toBe(true);
  });

  it('is not measured by a process that posts no more', async () => {
    await store.redis.del(KEYS.lease);
    await takeLease(store, 60_000);
    await noteSent(store, lease, 20, 10_000);
    await cast(10n);
    expect(await queueSeconds(store, 1, 4)).toBe(1 / 4);
  });
});

/** Hours of voting, and a box that is alone. */
const posting: Posting = {
  timeline: {
    ...{ opensAt: 0, firstClosesAt: 20_000, closesAt: 20_000, graceEndsAt: 24_000, settledAt: 90_000 },
    rounds: [{ round: 0, startsAt: 0, endsAt: 24_000 }],
  },
  boxes: [`0x${'cd'.repeat(20)}`],
  sealedRootsHash: 7n,
};
const [WINDOW, PROMISE] = [10, 600] as const;
/** First casts that a chain takes in a window, if all goes as a box assumes before it has measured anything. */
const ASSUMED = 6;
/** Those that come in one. */
const ARRIVING = 30;

/** What comes in windows is promised, and the chain takes so many a window. @returns when each was promised and when it was on chain */
async function rush(windows: number, arriving: number, taken: number): Promise<{ promised: number; done: number }[]> {
  const casts = new Map<bigint, { promised: number; done: number }>();
  let [time, next] = [0, 1n];
  let isBehind = false;
  for (let window = 0; window < windows || [...casts.values()].some(({ done }) => done === 0); window++) {
    const queue = await queueSeconds(store, 1, ASSUMED / WINDOW);
    const { by } = firstTurn(posting, time, WINDOW + PROMISE, queue);
    const slots = Array.from({ length: window < windows ? arriving : 0 }, (_, i) => next + 2n * BigInt(i));
    await Promise.all(slots.map((slot) => cast(slot, by)));
    for (const slot of slots) casts.set(slot, { promised: by, done: 0 });
    next += 2n * BigInt(slots.length);
    time += WINDOW;
    const drawn = await drawFirsts(store, 0, taken);
    await Promise.all(drawn.map(({ slot }) => chainHas(store, slot, slot + 1n, 1)));
    for (const { slot } of drawn) casts.get(slot)!.done = time;
    await settleUpdates(store);
    if (isBehind) await noteSent(store, lease, drawn.length, 1000 * WINDOW);
    isBehind = (await store.redis.zCard(`${KEYS.firsts}0`)) > 0;
  }
  return [...casts.values()];
}

describe('the time by which a first cast is on chain', () => {
  it.each([
    ['as fast as assumed', 6],
    ['faster', 9],
    ['half as fast', 3],
  ])(
    'is kept in a rush with a chain that is %s, where a constant would not be',
    async (_what, taken) => {
      const casts = await rush(30, ARRIVING, taken);
      expect(casts.filter(({ promised, done }) => done > promised)).toEqual([]);
      const waited = casts.map(({ done }, i) => done - WINDOW * Math.floor(i / ARRIVING));
      expect(Math.max(...waited)).toBeGreaterThan(WINDOW + PROMISE);
    },
    120_000,
  );

  it('is not promised where it cannot be kept: the voter is told to go to another box', async () => {
    for (let slot = 10n; slot < 110n; slot++) await cast(slot);
    await noteSent(store, lease, 1, 60_000);
    const queue = await queueSeconds(store, 1, ASSUMED / WINDOW);
    const turn = (time: number) => codeOf((async () => firstTurn(posting, time, WINDOW + PROMISE, queue))());
    expect([await turn(17_000), await turn(19_000)]).toEqual(['none', 'busy/queue']);
  });
});
