import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import type { Round } from '../../../protocol/checks/replay/timeline.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { at } from '../../../protocol/errors.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { readOutbox } from '../../../server/ballot-box/posting/outbox.ts';
import type { Posting, PostingParts } from '../../../server/ballot-box/posting/posting.ts';
import { takeTurns } from '../../../server/ballot-box/posting/posting.ts';
import { followPlan } from '../../../server/ballot-box/posting/rounds.ts';
import { sendUpdates } from '../../../server/ballot-box/posting/send-batch.ts';
import { recoverOutbox, settleOutbox } from '../../../server/ballot-box/posting/settle-outbox.ts';
import { SlotOrder } from '../../../server/ballot-box/posting/slot-order.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { takeLease } from '../../../server/ballot-box/store/lease.ts';
import { drawFirsts } from '../../../server/ballot-box/store/waiting.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { OwnSlot, SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import { countsOnce, missing } from './load.ts';
import type { PostingBox } from './posting-box.ts';
import { boxRedis, openPostingBox, until } from './posting-box.ts';
import { watchedConnection, watchedPosting } from './watched-chain.ts';
import { watchedStore } from './watched-store.ts';

/** Slots for the masks' half: two for each step at which the box dies. */
const LATERS = 90;
/** First casts of all lives. */
const all: SimulatedUpdate[] = [];
let world: ServerWorld;
let redis: PrivateRedis;
let box: PostingBox;
let parts: PostingParts;
let round: Round;

beforeAll(async () => {
  world = await openWorld({ voters: [220, 2] });
  redis = await boxRedis(world, 'box-0');
  const opened = await openPostingBox(world, 0, redis.url);
  ({ box, parts } = opened);
  round = at(timeline(toConfig(world.made.definition), []).rounds, 1);
}, 600_000);
afterAll(async () => {
  await box.stop();
  await redis.stop();
  await world.close();
});

/** A box's process from its start, with a lease of its own: the one before it is dead. */
async function newProcess(from: PostingParts = parts): Promise<Posting> {
  await box.store.redis.del(KEYS.lease);
  const lease = await takeLease(box.store, 600_000);
  if (lease === undefined) throw new Error('the lease is free');
  return { ...from, lease, signal: new AbortController().signal, inTurn: takeTurns() };
}

/** What a process asks of store and node, in order, and whether it was killed over it. */
interface Life {
  readonly asked: string[];
  isOver: boolean;
}

/** A process that dies at its `nth` question to store or node: asked but never answered, or not even asked. From then on it does nothing any more. */
async function doomed(nth: number, isAsked: boolean): Promise<{ readonly posting: Posting; readonly life: Life }> {
  const life: Life = { asked: [], isOver: false };
  const die = (): never => {
    life.isOver = true;
    throw new Error('killed');
  };
  const before = (asked: string): void => {
    if (life.isOver || (life.asked.push(asked) === nth && !isAsked)) die();
  };
  const after = (): void => {
    if (life.isOver || (life.asked.length >= nth && isAsked)) die();
  };
  const watched = watchedPosting(
    parts,
    (store) => watchedStore(store, before, after),
    (connection) => watchedConnection(connection, before, after),
  );
  return { posting: await newProcess(watched), life };
}

async function settled(posting: Posting): Promise<void> {
  await until(async () => {
    await settleOutbox(posting);
    return (await readOutbox(posting.store)).length === 0;
  });
}

async function caughtUp(): Promise<void> {
  const head = Number(await world.made.at.connection.rpc.getBlockNumber());
  await until(() => box.followed.next() > head);
}

/** Lets a process die at each of its questions, one life after the other, until one gets through. @returns all that was asked in that one */
async function dieEverywhere(
  isAsked: boolean,
  live: (posting: Posting, life: number) => Promise<void>,
  goOn: (posting: Posting, life: number) => Promise<void>,
): Promise<readonly string[]> {
  for (let nth = 1; ; nth++) {
    const { posting, life } = await doomed(nth, isAsked);
    await live(posting, nth).catch((error: unknown) => {
      if (!life.isOver) throw error;
    });
    await goOn(await newProcess(), nth);
    if (!life.isOver) return life.asked;
  }
}

describe.each([
  ['before it is asked', false],
  ['before it is answered', true],
] as const)('a box that is killed at any question to its store or node, %s', (_when, isAsked) => {
  it('has posted each first cast once when the next process is done', async () => {
    const base = isAsked ? 100 : 0;
    const casts: SimulatedUpdate[] = [];
    const live = async (posting: Posting): Promise<void> => {
      await recoverOutbox(posting);
      await sendUpdates(posting, 0, await drawFirsts(posting.store, 0, 100));
      await caughtUp();
      await settled(posting);
    };
    const asked = await dieEverywhere(
      isAsked,
      async (posting, nth) => {
        const cast = world.voters.vote(0, world.voters.nullifier(base + nth), [1n, 0n]);
        casts.push(cast);
        await box.accept(cast);
        await live(posting);
      },
      live,
    );
    expect(asked).toEqual(expect.arrayContaining(['estimateGas', 'sendRawTransaction', 'request', 'hGetAll']));
    expect(casts.length).toBeGreaterThan(15);
    expect(await missing(world, casts)).toEqual([]);
    all.push(...casts);
    expect(await countsOnce(world, 0, all)).toBe(true);
    expect(await box.store.redis.sCard(KEYS.sent)).toBe(0);
  }, 600_000);
});

describe('a box that is killed at any question of a round', () => {
  it('has updated each slot once, with the vote that waited or a mask, when the next process is done', async () => {
    const { voters, made, chain } = world;
    const present = Array.from({ length: LATERS }, (_, i) => voters.vote(0, voters.nullifier(250 + i), [1n, 0n]));
    for (let i = 0; i < LATERS; i += 45) await voters.post(present.slice(i, i + 45), made.sender(PAYER));
    await chain.advanceTo(round.endsAt - 500);
    await caughtUp();
    const slots = (nth: number): OwnSlot[] => present.slice(2 * nth - 2, 2 * nth).map(({ after }) => after);
    const votes: SimulatedUpdate[] = [];
    const post = async (posting: Posting, nth: number): Promise<void> => {
      await recoverOutbox(posting);
      await followPlan(posting, partOf(slots(nth)), round, round.endsAt - 400);
      await caughtUp();
      await settled(posting);
    };
    const asked = await dieEverywhere(
      true,
      async (posting, nth) => {
        const [own] = slots(nth);
        const vote = voters.vote(0, own!.nullifier, [0n, 1n], own);
        votes.push(vote);
        await box.accept(vote);
        await post(posting, nth);
      },
      post,
    );
    expect(asked).toEqual(expect.arrayContaining(['estimateGas', 'sendRawTransaction', 'request', 'hGetAll']));
    expect(votes.length).toBeGreaterThan(15);
    expect(await missing(world, votes)).toEqual([]);
    const masked = votes.map((_, i) => slots(i + 1)[1]!);
    const states = await Promise.all(masked.map(({ nullifier }) => box.followed.slot(0, nullifier)));
    // Changed, and only once: the head before is the one that the first cast made.
    expect(states.map((state) => state?.previousHead)).toEqual(masked.map(({ head }) => head));
  }, 600_000);
});

function partOf(slots: readonly OwnSlot[]): Parameters<typeof followPlan>[1] {
  const order = new SlotOrder(randomBytes);
  for (const { nullifier } of slots) order.add(nullifier);
  const stretch = { from: round.startsAt, to: round.startsAt + 1 };
  const polls = [{ poll: 0, order, total: 8 * slots.length, stretch }];
  return { round: round.round, stage: 'others', endsAt: round.endsAt, polls };
}
