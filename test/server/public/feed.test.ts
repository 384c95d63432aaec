import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { Redis } from '../../../server/frame/redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import { Feed } from '../../../server/public/store/feed.ts';

let folder: string;
let server: PrivateRedis;
let redis: Redis;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urna-feed-'));
  server = await startPrivateRedis(folder);
  redis = await connectRedis(server.url, () => undefined);
});
afterAll(async () => {
  await redis.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function open(maxClients = 10): Promise<Feed> {
  const feed = new Feed(redis, maxClients);
  await feed.start();
  return feed;
}

/** What a client reads until `count` events are there. */
async function read(stream: Readable, count: number): Promise<{ id: string; event: string; data: unknown }[]> {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const found = [...text.matchAll(/id: (.*)\nevent: (.*)\ndata: (.*)\n\n/gu)];
    if (found.length < count) continue;
    return found.map(([, id = '', event = '', data = '']) => ({ id, event, data: JSON.parse(data) as unknown }));
  }
  throw new Error(`the stream ended after: ${text}`);
}

describe('Feed', () => {
  it('tells all clients the same in the same order, and later ones only what follows', async () => {
    const feed = await open();
    await feed.announce('phase', { phase: 'ready', block: 1 });
    const first = await feed.join(undefined);
    await feed.announce('phase', { phase: 'open', block: 2 });
    const second = await feed.join(undefined);
    await feed.announce('block', { block: 3, entries: 9 });
    const told = await read(first, 2);
    expect(told.map(({ event, data }) => [event, data])).toEqual([
      ['phase', { phase: 'open', block: 2 }],
      ['block', { block: 3, entries: 9 }],
    ]);
    expect(await read(second, 1)).toEqual(told.slice(1));
    feed.close();
  });

  it('resumes after the event that a client saw last, also over a restart of the service', async () => {
    const feed = await open();
    const client = await feed.join(undefined);
    for (let block = 1; block <= 1200; block++) await feed.announce('block', { block, entries: 0 });
    const [seen] = await read(client, 1);
    feed.close();
    const again = await open();
    const resumed = await read(await again.join(seen?.id), 1199);
    expect(resumed.map(({ data }) => (data as { block: number }).block)).toEqual(
      Array.from({ length: 1199 }, (_, i) => i + 2),
    );
    again.close();
  });

  it('drops who reads too slowly, keeps the others, and takes no more than it may', async () => {
    const feed = await open(2);
    const [slow, quick] = [await feed.join(undefined), await feed.join(undefined)];
    await expect(feed.join(undefined)).rejects.toMatchObject({ code: 'busy/listeners' });
    quick.resume();
    const text = 'x'.repeat(10_000);
    for (let i = 0; i < 60; i++) {
      await feed.announce('phase', { phase: text, block: i });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([slow.destroyed, quick.destroyed, feed.clients]).toEqual([true, false, 1]);
    feed.close();
  });
});
