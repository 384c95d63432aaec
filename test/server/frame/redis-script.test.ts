import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { problemOf } from '../../../server/frame/problem.ts';
import { redisScript, runScript } from '../../../server/frame/redis-script.ts';
import { bytesOf, connectRedis } from '../../../server/frame/redis.ts';

let folder: string;
let server: PrivateRedis;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urna-script-'));
  server = await startPrivateRedis(folder);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('runScript', () => {
  const set = redisScript("redis.call('SET', KEYS[1], ARGV[1]); return {redis.call('GET', KEYS[1]), 7, false}");

  it('answers bytes, numbers and null, and sends its source again to a Redis that has forgotten it', async () => {
    const redis = await connectRedis(server.url, () => undefined);
    const word = Buffer.from([0xff, 0x00, 0x0a]);
    for (let i = 0; i < 2; i++) {
      expect(await runScript(bytesOf(redis), set, ['a'], [word])).toEqual([word, 7, null]);
      await redis.scriptFlush();
    }
    await redis.close();
  });

  it('throws on what the script itself does wrong', async () => {
    const redis = await connectRedis(server.url, () => undefined);
    const wrong = redisScript("return redis.call('NOTHING')");
    await expect(runScript(bytesOf(redis), wrong, [], [])).rejects.toThrow(/Unknown Redis command/u);
    await redis.close();
  });
});

describe('problemOf', () => {
  it('is that the store is busy, where it went away or refuses to write', async () => {
    const redis = await connectRedis(server.url, () => undefined);
    process.kill(server.pid, 'SIGKILL');
    const lost: unknown = await redis.get('a').catch((error: unknown) => error);
    expect(problemOf(lost)).toMatchObject({ type: 'urn:urna:error:busy/store', status: 503 });
    const full = new Error('OOM command not allowed when used memory > maxmemory');
    expect(problemOf(full)).toMatchObject({ type: 'urn:urna:error:busy/store', status: 503 });
    redis.destroy();
    server = await startPrivateRedis(folder);
  });
});
