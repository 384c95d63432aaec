import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { readSlot } from '../../../contracts/client/ballots.ts';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import { laterStride } from '../../../contracts/ballots/batch.ts';
import { decodeWord, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { laterTurn } from '../../../server/ballot-box/intake/turn.ts';
import { sendUpdates } from '../../../server/ballot-box/posting/send-batch.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { pruneUpdates } from '../../../server/ballot-box/store/settle.ts';
import { FATE_SECONDS } from '../../../server/ballot-box/store/update-lua.ts';
import type { Tracker } from '../../../server/ballot-box/store/updates.ts';
import { findFate, wordBytes } from '../../../server/ballot-box/store/updates.ts';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import type { Round } from '../../../protocol/checks/replay/timeline.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { Posting } from '../../../server/ballot-box/posting/posting.ts';
import { takeTurns } from '../../../server/ballot-box/posting/posting.ts';
import type { RoundPlan } from '../../../server/ballot-box/posting/rounds.ts';
import { followPlan } from '../../../server/ballot-box/posting/rounds.ts';
import { settleOutbox } from '../../../server/ballot-box/posting/settle-outbox.ts';
import { SlotOrder } from '../../../server/ballot-box/posting/slot-order.ts';
import { takeLease } from '../../../server/ballot-box/store/lease.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { OwnSlot, SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import type { PostingBox } from './posting-box.ts';
import { boxRedis, openPostingBox, until } from './posting-box.ts';
import { shapesOf, storedOf } from './stored-update.ts';
import type { Stored } from './stored-update.ts';
import { watchedStore } from './watched-store.ts';

/** Slots that are posted together, and milliseconds that a mask takes: one after the other, as with one thread. */
const [PART, SLOW] = [8, 400] as const;
const PARTS = 7;
/** Times that a batch is made to see where votes stand in it. */
const SHUFFLES = 200;
let world: ServerWorld;
let redis: PrivateRedis;
let box: PostingBox;
let posting: Posting;
let round: Round;
let slots: OwnSlot[];
/** What the box did, in order: what it asked store and chain for, and each mask; with the time of its last word to the chain. */
let trace: string[] = [];
let sentAt = 0;
/** Called before each mask is made. */
let beforeMask: () => Promise<unknown> = () => Promise.resolve();
/** Called before the node is asked to run a batch, with its calldata: all of its updates are claimed. */
let beforeRun: (calldata: string) => Promise<unknown> = () => Promise.resolve();

beforeAll(async () => {
  world = await openWorld({ voters: [PARTS * PART, 2] });
  redis = await boxRedis(world, 'box-0');
  const { voters, made, chain } = world;
  const present = Array.from({ length: PARTS * PART }, (_, i) => voters.vote(0, voters.nullifier(i), [1n, 0n]));
  await voters.post(present, made.sender(PAYER));
  slots = present.map(({ after }) => after);
  round = timeline(toConfig(made.definition), []).rounds[1]!;
  // In a round's last quarter any box may post for any slot.
  await chain.advanceTo(round.endsAt - 500);
  const opened = await openPostingBox(world, 0, redis.url);
  box = opened.box;
  await caughtUp();
  const lease = await takeLease(box.store, 600_000);
  if (lease === undefined) throw new Error('the lease is free');
  const { parts } = opened;
  let masks: Promise<unknown> = Promise.resolve();
  const proveMask: Posting['proveMask'] = (job) => {
    trace.push('mask');
    const made = masks.then(() => beforeMask()).then(() => pause(SLOW).then(() => parts.proveMask(job)));
    masks = made;
    return made;
  };
  const store = watchedStore(parts.store, (asked) => void trace.push(asked));
  const { connection } = parts.at;
  const heard = { ...connection, rpc: watchedRpc(connection.rpc) };
  posting = {
    ...{ ...parts, store, proveMask, lease, signal: new AbortController().signal, inTurn: takeTurns() },
    ...{ at: { ...parts.at, connection: heard }, sender: { ...parts.sender, connection: heard } },
  };
}, 120_000);
afterAll(async () => {
  await box.stop();
  await redis.stop();
  await world.close();
});

type Rpc = Posting['at']['connection']['rpc'];

function watchedRpc(rpc: Rpc): Rpc {
  const watched = (name: 'estimateGas' | 'getTransactionCount' | 'sendRawTransaction' | 'getBlock') =>
    (async (...args: never[]) => {
      trace.push(name);
      if (name === 'sendRawTransaction') sentAt = performance.now();
      if (name === 'estimateGas') await beforeRun((args as unknown as [{ data: string }])[0].data);
      return (rpc[name] as (...all: never[]) => unknown)(...args);
    }) as never;
  return {
    ...rpc,
    ...{ estimateGas: watched('estimateGas'), getTransactionCount: watched('getTransactionCount') },
    ...{ sendRawTransaction: watched('sendRawTransaction'), getBlock: watched('getBlock') },
  };
}

async function caughtUp(): Promise<void> {
  const head = Number(await world.made.at.connection.rpc.getBlockNumber());
  await until(() => box.followed.next() > head);
}

/** A part of a round whose slots are `named` and due now. */
function duePart(named: readonly OwnSlot[]): RoundPlan {
  const order = new SlotOrder(randomBytes);
  for (const { nullifier } of named) order.add(nullifier);
  const stretch = { from: round.startsAt, to: round.startsAt + 1 };
  // Of a plan so long that these are one part of it.
  const polls = [{ poll: 0, order, total: 8 * named.length, stretch }];
  return { round: round.round, stage: 'others', endsAt: round.endsAt, polls };
}

/** What outsiders and the box's own machine see of a part, of whose slots the first `votes` have a changed vote waiting. */
interface Seen {
  readonly votes: readonly SimulatedUpdate[];
  readonly milliseconds: number;
  readonly trace: readonly string[];
  readonly sent: number;
}

async function post(part: number, votes: number): Promise<Seen> {
  const named = slots.slice(part * PART, (part + 1) * PART);
  const changed = named.slice(0, votes).map((slot) => world.voters.vote(0, slot.nullifier, [0n, 1n], slot));
  for (const change of changed) await box.accept(change);
  trace = [];
  const due = performance.now();
  const sent = await followPlan(posting, duePart(named), round, round.endsAt - 400);
  const seen = { votes: changed, milliseconds: sentAt - due, trace: [...trace], sent };
  await until(async () => (await settleOutbox(posting)) === 1);
  return seen;
}

async function heads(updates: readonly { readonly after: OwnSlot }[]): Promise<bigint[]> {
  return Promise.all(updates.map(async ({ after }) => (await readSlot(world.made.at, 0, after.nullifier)) >> 8n));
}

describe('a part of a round, whatever waits for its slots', () => {
  it('goes out after the same work, at the same time and in the same size', async () => {
    // The first one teaches Redis the scripts.
    await post(0, 0);
    const [none, half, all] = [await post(1, 0), await post(2, PART / 2), await post(3, PART)];
    const seen = [none, half, all];
    expect(seen.map(({ sent }) => sent)).toEqual([PART, PART, PART]);
    expect(seen.map((each) => each.trace.filter((did) => did === 'mask').length)).toEqual([PART, PART, PART]);
    expect(half.trace).toEqual(none.trace);
    expect(all.trace).toEqual(none.trace);
    // After all masks were made, or would have been made: votes make a part neither earlier nor, by their work, later. (What a busy machine adds is chance.)
    for (const { milliseconds } of seen) expect(milliseconds).toBeGreaterThanOrEqual(PART * SLOW);
    const votes = [...half.votes, ...all.votes];
    expect(await heads(votes)).toEqual(votes.map(({ after }) => after.head));
  }, 300_000);

  it('holds a vote that came while its masks were made, and one that came when they were laid', async () => {
    const [early, late, ...others] = slots.slice(4 * PART, 5 * PART);
    const votes = [early!, late!].map((slot) => world.voters.vote(0, slot.nullifier, [0n, 1n], slot));
    const named = [early!, late!, ...others];
    beforeMask = () => box.accept(votes[0]!);
    const whole = posting;
    let isLaid = false;
    const store = watchedStore(whole.store, async (asked) => {
      // The next thing asked for after the masks were laid.
      if (isLaid || !(await hasMasks(others))) return;
      isLaid = true;
      await box.accept(votes[1]!);
      expect(asked).toBeDefined();
    });
    expect(await followPlan({ ...whole, store }, duePart(named), round, round.endsAt - 400)).toBe(PART);
    await until(async () => (await settleOutbox(posting)) === 1);
    expect(isLaid).toBe(true);
    expect(await heads(votes)).toEqual(votes.map(({ after }) => after.head));
  }, 300_000);
});

function liveTracker({ nullifier }: OwnSlot): Promise<Tracker> {
  return box.store.redis.hGet(`${KEYS.live}0`, wordBytes(nullifier)) as Promise<Tracker>;
}

/** Accepts changed votes of the first half of these slots, as intake does that has judged them. */
async function acceptHalf(named: readonly OwnSlot[]): Promise<SimulatedUpdate[]> {
  const roots = decodeWord(box.followed.facts().sealed?.rootsHash);
  const config = toConfig(world.made.definition);
  const judged = { timeline: timeline(config, []), boxes: config.boxes, sealedRootsHash: roots };
  const votes = named.slice(0, PART / 2).map((slot) => world.voters.vote(0, slot.nullifier, [0n, 1n], slot));
  for (const vote of votes) {
    const { nullifier } = vote.after;
    const own = boxOfSlot(roots, nullifier, round.round, config.boxes.length);
    await box.accept(vote, laterTurn(judged, own, nullifier, round.round - 1, round.endsAt - 400));
  }
  return votes;
}

describe('a changed vote beside a mask', () => {
  it('has members, sizes, calldata, and a fate like the mask’s in store and chain', async () => {
    beforeMask = () => Promise.resolve();
    const named = slots.slice(5 * PART, 6 * PART);
    const votes = await acceptHalf(named);
    let claimed: Stored[] = [];
    beforeRun = async () => {
      claimed = await Promise.all(named.map(async (slot) => storedOf(box.store, await liveTracker(slot))));
    };
    expect(await followPlan(posting, duePart(named), round, round.endsAt - 400)).toBe(PART);
    beforeRun = () => Promise.resolve();
    await until(async () => (await settleOutbox(posting)) === 1);
    expect(await heads(votes)).toEqual(votes.map(({ after }) => after.head));
    expect([...shapesOf(claimed)]).toEqual([expect.stringContaining('["u.u",')]);
    // A loaded anvil counts a transaction as the account's before it has its receipt: its updates then wait again, until the follower's step confirms them.
    await until(async () => (await box.fate(at(claimed, 0).tracker)) === 'confirmed');
    const again = (): Promise<Stored[]> => Promise.all(claimed.map(({ tracker }) => storedOf(box.store, tracker)));
    expect([...shapesOf(await again())]).toEqual([expect.stringMatching(/\["x",66\].*\["u\.u",\d+\].*"seconds":-1/u)]);
    const fates = await Promise.all(claimed.map(({ tracker }) => findFate(box.store, tracker)));
    expect(new Set(fates.map((fate) => [fate?.state, fate?.block, fate?.round, fate?.by].join())).size).toBe(1);
    await expectEvenSlices(at(fates, 0)?.transaction, named);
    await pruneUpdates(box.store, at(fates, 0)?.block ?? 0);
    // The same step forgets all their bodies, and begins to count the days for which their fates are told.
    const gone = await again();
    expect(gone.map(({ seconds }) => seconds > FATE_SECONDS - 600)).toEqual(gone.map(() => true));
    expect([...shapesOf(gone.map((each) => ({ ...each, seconds: 0 })))]).toEqual([
      expect.not.stringContaining('"u.u"'),
    ]);
  }, 300_000);

  it('stands anywhere in the batch', async () => {
    const named = slots.slice(6 * PART);
    const votes = new Set((await acceptHalf(named)).map(({ after }) => after.nullifier));
    const batches: string[] = [];
    beforeRun = (calldata) => (batches.push(calldata), Promise.reject(new Error('not now')));
    await expect(followPlan(posting, duePart(named), round, round.endsAt - 400)).rejects.toMatchObject({
      code: 'chain/node',
    });
    const wanted = named.map(({ nullifier: slot }) => ({ slot, first: false }));
    for (let i = 1; i < SHUFFLES; i++) await expect(sendUpdates(posting, 0, wanted)).rejects.toThrow();
    beforeRun = () => Promise.resolve();
    const times = Array.from({ length: PART }, () => 0);
    for (const calldata of batches) {
      named
        .map(({ nullifier }) => ({ nullifier, place: calldata.indexOf(wordHex(nullifier).slice(2)) }))
        .sort((a, b) => a.place - b.place)
        .forEach(({ nullifier }, place) => (times[place] = at(times, place) + (votes.has(nullifier) ? 1 : 0)));
    }
    // Each place holds a vote every other time: seven standard deviations are allowed, which chance exceeds once in 10^11 runs.
    expect(batches).toHaveLength(SHUFFLES);
    expect(times.filter((each) => Math.abs(each - SHUFFLES / 2) > 3.5 * Math.sqrt(SHUFFLES))).toEqual([]);
    expect(await sendUpdates(posting, 0, wanted)).toBe(PART);
    await until(async () => (await settleOutbox(posting)) === 1);
  }, 300_000);
});

/** The calldata ends with one slice a slot, each of a later update's size. */
async function expectEvenSlices(hash: string | undefined, named: readonly OwnSlot[]): Promise<void> {
  const { input } = await world.made.at.connection.rpc.getTransaction({ hash: hash as Hex });
  const places = named.map(({ nullifier }) => input.indexOf(wordHex(nullifier).slice(2))).sort((a, b) => a - b);
  const slice = 64 * laterStride(1);
  expect(places).toEqual(places.map((_, i) => input.length - (named.length - i) * slice));
}

/** Whether something waits for all of these slots. */
async function hasMasks(named: readonly OwnSlot[]): Promise<boolean> {
  const live = await Promise.all(
    named.map(({ nullifier }) =>
      box.store.redis.hExists('box:live:0', Buffer.from(nullifier.toString(16).padStart(64, '0'), 'hex')),
    ),
  );
  return live.every((each) => Number(each) === 1);
}
