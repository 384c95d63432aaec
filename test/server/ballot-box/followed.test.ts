import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { advanceState, initialState } from '../../../contracts/follower/state.ts';
import { ciphertextWords } from '../../../protocol/ballot/ciphertext.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import type { Config } from '../../../protocol/config/config.ts';
import { concatBytes, encodeHex, encodeWord, wordHex } from '../../../protocol/encoding.ts';
import { G, multiplyPublic } from '../../../protocol/math/curve.ts';
import type { Entry, EntryData } from '../../../protocol/record/entry.ts';
import { followedElection } from '../../../server/ballot-box/followed/cache.ts';
import type { FollowedElection } from '../../../server/ballot-box/followed/cache.ts';
import { packSlot, unpackSlot } from '../../../server/ballot-box/followed/slot-bytes.ts';
import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { settledState } from '../../../server/ballot-box/store/settled-state.ts';
import { acceptUpdate, findFate } from '../../../server/ballot-box/store/updates.ts';
import { ownStore } from './own-store.ts';

const ELECTION = `0x${'ab'.repeat(20)}` as const;
const CONFIG = { polls: [{ contest: 0, district: 0, unit: 0 }], contests: [{ lanes: 1 }] } as unknown as Config;

const theStore = ownStore({ chainId: 1, election: ELECTION, definitionHash: wordHex(1n) }, ELECTION);
let store: BoxStore;
beforeEach(() => {
  store = theStore();
});

const ciphertext = (k: bigint) => ({ R: multiplyPublic(G, k), C: [multiplyPublic(G, k + 1n)] });
const slotNumber = 7n;
const proof = Array.from({ length: 8 }, () => 0n);
const hex = (words: readonly bigint[]) => encodeHex(concatBytes(...words.map(encodeWord)));

function entry(seq: number, block: number, kind: string, data: object): Entry {
  return { seq, block, time: 1000 + block, transaction: wordHex(BigInt(block)), kind, data } as unknown as Entry;
}

function updates(words: Partial<EntryData<'updates'>>): EntryData<'updates'> {
  const none = { firsts: '0x', laters: '0x', skipped: wordHex(0n), sumsHash: wordHex(0n) } as const;
  return { sender: ELECTION, poll: 0, round: 0, nonEmpty: 1, ...none, ...words };
}

/** A first cast in block 5, a later update and one that was skipped in block 6. */
const FIRST = entry(
  0,
  5,
  'updates',
  updates({ firsts: hex([slotNumber, ...ciphertextWords(ciphertext(3n)), ...proof]) }),
);
const later = [0n, ...ciphertextWords(ciphertext(3n)), ...ciphertextWords(ciphertext(5n)), ...proof];
const LATER = entry(1, 6, 'updates', {
  ...updates({ laters: hex([slotNumber, ...later, 8n, ...later]), skipped: wordHex(2n), round: 1 }),
});
const HEAD = nextHead(0n, ciphertext(3n));

function steps(): [FollowStep, FollowStep] {
  const start = initialState(1, ELECTION, 5);
  const one = advanceState(start, { block: 5, hash: wordHex(55n), seq: 1 });
  const two = advanceState(one, { block: 6, hash: wordHex(66n), seq: 2 });
  return [
    { keep: 0, entries: [FIRST], state: one },
    { keep: 1, entries: [LATER], state: two },
  ];
}

function open(newestBlock = 6): FollowedElection {
  return followedElection(store, CONFIG, () => Promise.resolve(newestBlock));
}

describe('packSlot', () => {
  it('is undone by unpackSlot', () => {
    const slot = { head: HEAD, previousHead: 9n, round: 3, ciphertext: ciphertext(11n) };
    expect(unpackSlot(packSlot(slot))).toEqual(slot);
    expect(() => unpackSlot(packSlot(slot).subarray(1))).toThrow('damaged');
  });
});

describe('followedElection', () => {
  it('holds the slots that the record makes, and goes on where it stopped', async () => {
    const [first, second] = steps();
    const one = open();
    expect(await one.state.load()).toBeUndefined();
    await one.state.apply(first);
    expect(await one.slot(0, slotNumber)).toEqual({
      head: HEAD,
      previousHead: 0n,
      round: 0,
      ciphertext: ciphertext(3n),
    });
    const two = open();
    expect(await two.state.load()).toEqual(first.state);
    await two.state.apply(second);
    const expected = { head: nextHead(HEAD, ciphertext(5n)), previousHead: HEAD, round: 1, ciphertext: ciphertext(5n) };
    expect(await two.slot(0, slotNumber)).toEqual(expected);
    expect(await two.slot(0, 8n)).toBeUndefined();
    const all = [];
    for await (const part of two.slots(0)) all.push(...part);
    expect(all).toEqual([[slotNumber, expected]]);
    expect([two.facts().polls[0]?.nonEmpty, two.next()]).toEqual([1, 7]);
  });

  it('takes a step once, however many processes read it, and none that leaves one out', async () => {
    const [first, second] = steps();
    const [one, two] = [open(), open()];
    await one.state.load();
    await two.state.load();
    await one.state.apply(first);
    await one.state.apply(second);
    await two.state.apply(first);
    await two.state.apply(second);
    expect((await two.slot(0, slotNumber))?.round).toBe(1);
    await store.redis.flushAll();
    await expect(one.state.apply(second)).rejects.toMatchObject({ code: 'follow/moved' });
  });

  it('is not to be trusted after a reset until it has read what it had', async () => {
    const [first, second] = steps();
    const followed = open();
    const state = settledState(store, followed.state);
    await state.load();
    expect(await store.redis.exists(KEYS.resync)).toBe(1);
    await state.apply(first);
    expect(await store.redis.exists(KEYS.resync)).toBe(1);
    await state.apply(second);
    expect(await store.redis.exists(KEYS.resync)).toBe(0);
    await state.reset();
    expect([await followed.slot(0, slotNumber), await store.redis.exists(KEYS.resync)]).toEqual([undefined, 1]);
    expect(await state.load()).toBeUndefined();
  });

  it('is to be trusted again when the chain has become shorter than it was at the reset, and stays so', async () => {
    const [first] = steps();
    const longer = settledState(store, open(9).state);
    await longer.load();
    await longer.apply(first);
    expect(await store.redis.exists(KEYS.resync)).toBe(1);
    // The chain ends at block 5 now, and makes no block until somebody sends a transaction.
    await settledState(store, open(5).state).load();
    expect(await store.redis.exists(KEYS.resync)).toBe(0);
    await longer.reset();
    const shorter = settledState(store, open(5).state);
    await store.redis.set(KEYS.resync, '9');
    await shorter.apply(first);
    expect(await store.redis.exists(KEYS.resync)).toBe(0);
  });

  it('knows what the chain took of what waited, also where it has moved on within the same step', async () => {
    const words = Uint8Array.of(1);
    const cast = { poll: 0, slot: slotNumber, first: true, head: 0n, next: HEAD, words, round: 0, by: 1 };
    const other = { ...cast, slot: 9n };
    const [counted, waiting] = [await acceptUpdate(store, cast, true), await acceptUpdate(store, other, true)];
    const state = settledState(store, open().state);
    await state.load();
    const [, { state: after }] = steps();
    await state.apply({ keep: 0, entries: [FIRST, LATER], state: after });
    const fate = { state: 'confirmed', block: 5, transaction: wordHex(5n) };
    expect(await findFate(store, counted.tracker)).toMatchObject(fate);
    expect(await findFate(store, waiting.tracker)).toMatchObject({ state: 'waiting' });
    expect(await store.redis.hLen(KEYS.unsettled)).toBe(0);
  });
});
