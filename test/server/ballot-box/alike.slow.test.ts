import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { readSlot } from '../../../contracts/client/ballots.ts';
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
import { watchedStore } from './watched-store.ts';

/** Slots that are posted together, and milliseconds that a mask takes: one after the other, as with one thread. */
const [PART, SLOW] = [8, 400] as const;
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

beforeAll(async () => {
  world = await openWorld({ voters: [5 * PART, 2] });
  redis = await boxRedis(world, 'box-0');
  const { voters, made, chain } = world;
  const present = Array.from({ length: 5 * PART }, (_, i) => voters.vote(0, voters.nullifier(i), [1n, 0n]));
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
    ((...args: never[]) => {
      trace.push(name);
      if (name === 'sendRawTransaction') sentAt = performance.now();
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

/** Whether something waits for all of these slots. */
async function hasMasks(named: readonly OwnSlot[]): Promise<boolean> {
  const live = await Promise.all(
    named.map(({ nullifier }) =>
      box.store.redis.hExists('box:live:0', Buffer.from(nullifier.toString(16).padStart(64, '0'), 'hex')),
    ),
  );
  return live.every((each) => Number(each) === 1);
}
