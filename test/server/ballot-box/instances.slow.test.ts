import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readUpdateReceipt } from '../../../protocol/receipts/update-receipt.ts';
import { takeUpdate } from '../../../server/ballot-box/intake/accept.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import type { Answer, TestBox } from './box.ts';
import { startBox } from './box.ts';

let world: ServerWorld;
let folder: string;
let redis: PrivateRedis;
let [one, two] = [] as unknown as [TestBox, TestBox];
beforeAll(async () => {
  world = await openWorld({ voters: [200, 1] });
  folder = mkdtempSync(join(world.folder, 'redis-'));
  redis = await startPrivateRedis(folder);
  one = await startBox(world, 0, {}, redis);
  two = await startBox(world, 0, {}, redis);
}, 120_000);
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  await redis.stop();
  await world.close();
});

function noise(index: number): SimulatedUpdate {
  return world.voters.noise(0, world.voters.nullifier(index));
}

const tracker = ({ body }: Answer): string => readUpdateReceipt(body).tracker;

/** Hands in until it is taken: what a client does that gets no answer. */
async function insist(box: TestBox, { body }: SimulatedUpdate): Promise<Answer> {
  for (;;) {
    const answer = await box.post(body).catch(() => undefined);
    if (answer?.status === 202) return answer;
    // Only what says that it promises nothing: anything else is an error.
    if (answer !== undefined && answer.status !== 503) throw new Error(`${answer.status} ${answer.code}`);
    await pause(100);
  }
}

describe('a box that has more proofs to check than it may hold', () => {
  it('says for how long to wait, and takes everything from who does', async () => {
    const small = await startBox(world, 1, { maxProofs: 2 });
    try {
      const updates = Array.from({ length: 20 }, (_, i) => noise(300 + i));
      const answers = await Promise.all(updates.map(({ body }) => small.post(body)));
      const busy = answers.filter(({ status }) => status !== 202);
      expect(busy.length).toBeGreaterThan(0);
      for (const { status, code, headers } of busy) {
        expect([status, code]).toEqual([503, 'busy/proofs']);
        expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
      }
      for (const update of updates) await insist(small, update);
      expect(await small.service.intake.store.redis.xLen(KEYS.updates)).toBe(20);
    } finally {
      await small.close();
    }
  });
});

describe('two processes of a box on one Redis', () => {
  it('give one promise for one update, whoever is asked', async () => {
    const update = noise(1);
    const answers = await Promise.all([one, two, one, two].map((box) => box.post(update.body)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(new Set(answers.map(tracker)).size).toBe(1);
    expect((await two.fate(tracker(answers[0]!))).body).toMatchObject({ state: 'waiting' });
  });

  it('both see what the chain has taken', async () => {
    const update = noise(2);
    const promised = tracker(await one.post(update.body));
    await world.voters.post([update], world.made.sender(PAYER));
    await Promise.all([one.caughtUp(), two.caughtUp()]);
    for (const box of [one, two]) {
      expect((await box.fate(promised)).body).toMatchObject({ state: 'confirmed' });
      expect(await box.post(update.body)).toMatchObject({ status: 409, code: 'update/occupied' });
    }
  });

  it('know an update that was stored by a process that ended before it could answer', async () => {
    const update = noise(3);
    const third = await startBox(world, 0, {}, redis);
    const lost = await takeUpdate(third.service.intake, update.file);
    await third.close();
    expect((await two.post(update.body)).body).toEqual(lost);
  });

  it('lose nothing when Redis is killed while they take in, and go on when it is back', async () => {
    const updates = Array.from({ length: 60 }, (_, i) => noise(100 + i));
    const before = await one.service.intake.store.redis.xLen(KEYS.updates);
    const early = await Promise.all(updates.slice(0, 20).map((update) => insist(one, update)));
    const late = updates.slice(20).map((update, i) => insist(i % 2 === 0 ? one : two, update));
    process.kill(redis.pid, 'SIGKILL');
    await redis.ended;
    redis = await startPrivateRedis(folder);
    const answers = [...early, ...(await Promise.all(late))];
    const again = await Promise.all(updates.map((update) => insist(two, update)));
    expect(again.map(tracker)).toEqual(answers.map(tracker));
    expect(await two.service.intake.store.redis.xLen(KEYS.updates)).toBe(before + updates.length);
  });
});
