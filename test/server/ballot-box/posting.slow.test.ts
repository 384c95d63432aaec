import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readPoll, readSlot } from '../../../contracts/client/ballots.ts';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import { roundAt, timeline } from '../../../protocol/checks/replay/timeline.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { readOutbox } from '../../../server/ballot-box/posting/outbox.ts';
import type { OwnSlot, SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import type { PostingBox } from './posting-box.ts';
import { boxRedis, startPostingBox, until } from './posting-box.ts';

const VOTERS = 24;
let world: ServerWorld;
let redis: [PrivateRedis, PrivateRedis];
let boxes: PostingBox[] = [];
let slots: OwnSlot[] = [];

beforeAll(async () => {
  world = await openWorld({ voters: [VOTERS, 2] });
  redis = [await boxRedis(world, 'box-0'), await boxRedis(world, 'box-1')];
}, 120_000);
afterEach(async () => {
  await Promise.all(boxes.map((box) => box.stop()));
  boxes = [];
});
afterAll(async () => {
  await Promise.all(redis.map((each) => each.stop()));
  await world.close();
});

async function start(index: 0 | 1): Promise<PostingBox> {
  const box = await startPostingBox(world, index, redis[index].url);
  boxes.push(box);
  return box;
}

async function headOf({ poll, nullifier }: OwnSlot): Promise<bigint> {
  return (await readSlot(world.made.at, poll, nullifier)) >> 8n;
}

async function isOnChain({ after }: SimulatedUpdate): Promise<boolean> {
  return (await headOf(after)) === after.head;
}

/** Boundaries of the world's rounds. */
function rounds() {
  return timeline(toConfig(world.made.definition), []).rounds;
}

async function roundNow(): Promise<number> {
  return roundAt({ rounds: rounds() } as never, await world.chain.now())?.round ?? -1;
}

function boxOf(box: PostingBox, { nullifier }: OwnSlot, round: number): number {
  const { sealed } = box.followed.facts();
  return boxOfSlot(decodeWord(sealed?.rootsHash), nullifier, round, 2);
}

describe('postForever', () => {
  it('posts first casts within a window or two, and knows them confirmed', async () => {
    const box = await start(0);
    const { voters } = world;
    const casts = Array.from({ length: 20 }, (_, i) => voters.vote(0, voters.nullifier(i), [1n, 0n]));
    casts.push(voters.vote(1, voters.nullifier(100), [0n, 1n]));
    const promises = await Promise.all(casts.map((cast) => box.accept(cast)));
    await until(async () => {
      const fates = await Promise.all(promises.map(({ tracker }) => box.fate(tracker)));
      return fates.every((fate) => fate === 'confirmed');
    });
    expect(await Promise.all(casts.map(isOnChain))).toEqual(casts.map(() => true));
    expect((await readPoll(world.made.at, 0)).nonEmpty).toBe(20);
    await until(async () => (await readOutbox(box.store)).length === 0);
    slots = casts.map(({ after }) => after);
  }, 300_000);

  it('finds the one update whose proof does not hold, returns it, and posts the others', async () => {
    const box = await start(0);
    const { voters } = world;
    const [good, other, bad] = [20, 21, 22].map((i) => voters.vote(0, voters.nullifier(i), [0n, 1n])) as [
      SimulatedUpdate,
      SimulatedUpdate,
      SimulatedUpdate,
    ];
    const words = `${bad.file.words.slice(0, -512)}${good.file.words.slice(-512)}` as const;
    const wrong = { ...bad, file: { ...bad.file, words: words as SimulatedUpdate['file']['words'] } };
    const [one, two, three] = await Promise.all([good, other, wrong].map((each) => box.accept(each)));
    const fates = () => Promise.all([one!, two!, three!].map(({ tracker }) => box.fate(tracker)));
    await until(async () => (await fates()).every((fate) => !/^(waiting|sent)/u.test(fate)));
    expect(await fates()).toEqual(['confirmed', 'confirmed', 'returned update/proof']);
    slots.push(good.after, other.after);
  }, 300_000);

  it('returns a first cast whose slot was taken otherwise', async () => {
    const { voters, made } = world;
    const theirs = voters.vote(0, voters.nullifier(23), [1n, 0n]);
    const ours = voters.vote(0, voters.nullifier(23), [0n, 1n]);
    const box = await start(0);
    await voters.post([theirs], made.sender(0));
    const accepted = await box.accept(ours).then(
      ({ tracker }) => tracker,
      (error: { readonly code: string }) => error.code,
    );
    // Whether the box had read the block already when it was asked is chance: it never counts.
    if (accepted !== 'update/stale') {
      await until(async () => (await box.fate(accepted as never)) === 'returned update/stale');
    }
    expect(await isOnChain(theirs)).toBe(true);
    slots.push(theirs.after);
  }, 300_000);

  it('updates every slot of its round once, a waiting vote in the place of the mask, and no one else’s', async () => {
    const [, second] = rounds();
    await world.chain.advanceTo(second!.startsAt + 1);
    const box = await start(0);
    const mine = slots.filter((slot) => boxOf(box, slot, 1) === 0);
    const [voter] = mine;
    const change = world.voters.vote(voter!.poll, voter!.nullifier, [0n, 1n], voter);
    const promise = await box.accept(change);
    const before = box.masks();
    await world.chain.advanceTo(second!.startsAt + 3_500);
    await until(async () => {
      const heads = await Promise.all(mine.map(headOf));
      return heads.every((head, i) => head !== at(mine, i).head);
    });
    await until(async () => (await box.fate(promise.tracker)) === 'confirmed');
    expect(await isOnChain(change)).toBe(true);
    // One for the voter's slot as well: how many are made says nothing about who has voted.
    expect(box.masks() - before).toBe(mine.length);
    const foreign = slots.filter((slot) => boxOf(box, slot, 1) === 1);
    expect(await Promise.all(foreign.map(headOf))).toEqual(foreign.map(({ head }) => head));
    expect([mine.length > 1, foreign.length > 1]).toEqual([true, true]);
  }, 300_000);

  it('takes over in the last quarter what another box has left', async () => {
    const [, second] = rounds();
    const box = await start(0);
    const foreign = slots.filter((slot) => boxOf(box, slot, 1) === 1);
    await world.chain.advanceTo(second!.startsAt + 4_700);
    expect(await roundNow()).toBe(1);
    await until(async () => {
      const heads = await Promise.all(foreign.map(headOf));
      return heads.every((head, i) => head !== at(foreign, i).head);
    });
    const words = await Promise.all(slots.map(({ poll, nullifier }) => readSlot(world.made.at, poll, nullifier)));
    expect(words.map((word) => Number(word & 255n) - 1)).toEqual(slots.map(() => 1));
  }, 300_000);

  it('posts after closing what was accepted before, without masks where time runs out', async () => {
    const last = rounds()[2]!;
    await world.chain.advanceTo(last.startsAt - 5);
    const box = await start(1);
    const slot = at(slots, 0);
    await until(async () => (await box.followed.slot(slot.poll, slot.nullifier)) !== undefined);
    const state = (await box.followed.slot(slot.poll, slot.nullifier))!;
    const own: OwnSlot = { ...state, poll: slot.poll, nullifier: slot.nullifier };
    const change = world.voters.vote(slot.poll, slot.nullifier, [1n, 0n], own);
    const { tracker } = await box.accept(change);
    await world.chain.advanceTo(last.startsAt + 1_800);
    await until(async () => (await box.fate(tracker)) === 'confirmed');
    expect(await isOnChain(change)).toBe(true);
  }, 300_000);
});
