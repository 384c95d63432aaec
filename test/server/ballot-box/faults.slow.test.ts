import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSlot } from '../../../contracts/client/ballots.ts';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { at } from '../../../protocol/errors.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import type { Promised } from './load.ts';
import { countsOnce, fateOf, handIn, lateOnes, missing } from './load.ts';
import { until } from './posting-box.ts';
import type { BoxProcess, Line } from './processes.ts';
import { boxProcess, lineTo } from './processes.ts';

const VOTERS = 150;
/** First casts handed in a second, about. */
const RATE = 5;

let world: ServerWorld;
let line: Line;
let redis: PrivateRedis[];
let boxes: BoxProcess[];
let casts: SimulatedUpdate[];

beforeEach(async () => {
  world = await openWorld({ voters: [VOTERS, 1] });
  line = await lineTo(world.settings.rpc);
  redis = [];
  boxes = [];
  casts = Array.from({ length: VOTERS }, (_, i) => world.voters.vote(0, world.voters.nullifier(i), [1n, 0n]));
}, 120_000);
afterEach(async () => {
  await Promise.all(boxes.map((box) => box.kill()));
  await Promise.all(redis.map((each) => each.stop()));
  await line.close();
  await world.close();
}, 300_000);

function folderOf(index: number): string {
  const folder = join(world.folder, `redis-${index}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Starts a process of the `index`-th box; the first one starts the box's Redis. */
async function startBox(index: 0 | 1): Promise<BoxProcess> {
  redis[index] ??= await startPrivateRedis(folderOf(index));
  const box = await boxProcess({
    ...world.settings,
    ...at(world.boxes, index),
    ...{ rpc: line.url, redisUrl: at(redis, index).url, proofThreads: 1, connectionRate: 1000, windowSeconds: 1 },
  });
  boxes.push(box);
  await box.start();
  return box;
}

/** Hands in all casts, each to every one of `urls`, while `harm` goes on. */
async function underLoad(urls: readonly string[], harm: () => Promise<void>): Promise<Promised[]> {
  const handed = casts.map(async (update, i): Promise<Promised> => {
    await pause((1000 * i) / RATE);
    const receipts = await Promise.all(urls.map((url) => handIn(url, update)));
    return { update, receipts: receipts.flat() };
  });
  await harm();
  return Promise.all(handed);
}

/** Every promise was kept: all casts are on chain, each once, in the time that the receipts say, and the boxes know. */
async function expectAllKept(promised: readonly Promised[]): Promise<void> {
  await until(async () => (await missing(world, casts)).length === 0, 120).catch(async (error: Error) => {
    const lost = await missing(world, casts);
    const fates = await Promise.all(promised.flatMap(({ receipts }) => receipts.map(fateOf)));
    throw new Error(
      `${lost.length} are not on chain: ${fates.join(' ')}\n${boxes.map((box) => box.said()).join('\n\n')}`,
      {
        cause: error,
      },
    );
  });
  expect(await countsOnce(world, 0, casts)).toBe(true);
  await until(async () => {
    const fates = await Promise.all(promised.flatMap(({ receipts }) => receipts.map(fateOf)));
    return fates.every((fate) => fate === 'confirmed');
  }, 60);
  const receipts = promised.flatMap((each) => each.receipts);
  expect(receipts.length).toBeGreaterThan(0);
  expect(await lateOnes(world, receipts)).toEqual([]);
}

/** Milliseconds until the next blow: any moment of accepting, posting and confirming. */
function soon(): number {
  return 300 + Math.random() * 2_500;
}

describe('a box under load', () => {
  it('loses nothing and counts nothing twice when it is killed again and again', async () => {
    const box = await startBox(0);
    const promised = await underLoad([box.url], async () => {
      for (let i = 0; i < 6; i++) {
        // Long enough, at times, for the dead process's lease to end and the new one to post.
        await pause(soon() + (i % 2) * 9_000);
        await box.kill();
        await box.start();
      }
    });
    await expectAllKept(promised);
  }, 400_000);

  it('loses nothing when its Redis is killed and comes back with its file', async () => {
    const box = await startBox(0);
    const promised = await underLoad([box.url], async () => {
      for (let i = 0; i < 4; i++) {
        await pause(soon());
        process.kill(at(redis, 0).pid, 'SIGKILL');
        await pause(500);
        redis[0] = await startPrivateRedis(folderOf(0));
      }
    });
    await expectAllKept(promised);
  }, 400_000);

  it('goes on when the chain’s node is away for a while, and when the chain takes blocks back', async () => {
    const box = await startBox(0);
    const { testClient } = world.chain;
    const promised = await underLoad([box.url], async () => {
      for (let i = 0; i < 4; i++) {
        await pause(soon());
        await line.cut(1_500);
        const before = await testClient.snapshot();
        await pause(soon() + 1_500);
        await testClient.revert({ id: before });
      }
    });
    await expectAllKept(promised);
  }, 400_000);

  it('is carried on by another process of the box when one is killed for good', async () => {
    const first = await startBox(0);
    const second = await startBox(0);
    const promised = await underLoad([second.url], async () => {
      await pause(4_000);
      await first.kill();
    });
    await expectAllKept(promised);
  }, 400_000);

  it('is stood in for by another box when it is gone for good with its Redis', async () => {
    const [lost, other] = [await startBox(0), await startBox(1)];
    const giveUp = new AbortController();
    const handed = casts.map(async (update, i) => {
      await pause((1000 * i) / RATE);
      const [, receipts] = await Promise.all([handIn(lost.url, update, giveUp.signal), handIn(other.url, update)]);
      return { update, receipts };
    });
    await pause(6_000);
    await lost.kill();
    process.kill(at(redis, 0).pid, 'SIGKILL');
    giveUp.abort();
    await expectAllKept(await Promise.all(handed));
  }, 400_000);

  it('keeps to one update a slot and round, with the votes among them, when it is killed while it masks', async () => {
    const { voters, made, chain } = world;
    const present = casts.slice(0, 60);
    await voters.post(present, made.sender(PAYER));
    const round = at(timeline(toConfig(made.definition), []).rounds, 1);
    await chain.advanceTo(round.startsAt + 1);
    const box = await startBox(0);
    const roots = hashWords(
      'roots',
      voters.polls.map(({ root }) => root),
    );
    const mine = present.filter(({ after }) => boxOfSlot(roots, after.nullifier, round.round, 2) === 0);
    const changes = mine.slice(0, 8).map(({ after }) => voters.vote(0, after.nullifier, [0n, 1n], after));
    const receipts = (await Promise.all(changes.map((change) => handIn(box.url, change)))).flat();
    expect(receipts).toHaveLength(changes.length);
    for (const seconds of [1_000, 2_000, 3_000]) {
      await chain.advanceTo(round.startsAt + seconds);
      await pause(soon() + 6_000);
      await box.kill();
      await box.start();
    }
    await chain.advanceTo(round.startsAt + 3_600);
    const words = (): Promise<bigint[]> =>
      Promise.all(mine.map(({ after }) => readSlot(made.at, after.poll, after.nullifier)));
    await until(async () => (await words()).every((word) => Number(word & 255n) - 1 === round.round), 120);
    expect(await missing(world, changes)).toEqual([]);
    const fates = (): Promise<string[]> => Promise.all(receipts.map(fateOf));
    await until(async () => (await fates()).every((fate) => fate === 'confirmed'));
    expect(await lateOnes(world, receipts)).toEqual([]);
    expect(mine.length).toBeGreaterThan(changes.length);
  }, 400_000);
});
