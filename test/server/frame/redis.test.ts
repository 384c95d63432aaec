import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { bytesOf, connectRedis, isRedisLost } from '../../../server/frame/redis.ts';

let folder: string;
let server: PrivateRedis;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urna-redis-'));
  server = await startPrivateRedis(folder);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const noNote = (): void => undefined;

describe('startPrivateRedis', () => {
  it('has no port, and a socket that nobody else can use', () => {
    expect(statSync(join(folder, 'redis.sock')).mode & 0o777).toBe(0o700);
  });

  it('has on disk what it has answered, even if it is killed', async () => {
    const redis = await connectRedis(server.url, noNote);
    await redis.set('vote', 'kept');
    process.kill(server.pid, 'SIGKILL');
    const lost: unknown = await untilLost(() => redis.get('vote'));
    expect(isRedisLost(lost)).toBe(true);
    server = await startPrivateRedis(folder);
    const again = await connectRedis(server.url, noNote);
    expect(await again.get('vote')).toBe('kept');
    await again.close();
    redis.destroy();
  });

  it('is not what a full disk or a missing folder of the service speaks of', () => {
    const error = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });
    expect(isRedisLost(error('ECONNRESET', 'read'))).toBe(true);
    expect(isRedisLost(error('ENOENT', 'connect'))).toBe(true);
    expect(isRedisLost(error('ENOSPC', 'write'))).toBe(false);
    expect(isRedisLost(error('ENOENT', 'open'))).toBe(false);
  });
});

describe('connectRedis', () => {
  it('gives bytes where bytes are wanted', async () => {
    const redis = await connectRedis(server.url, noNote);
    await redis.set('bytes', Buffer.from([0xff, 0x00, 0x80]));
    expect(await bytesOf(redis).get('bytes')).toEqual(Buffer.from([0xff, 0x00, 0x80]));
    await redis.close();
  });

  it('refuses a Redis that could forget what it has answered', async () => {
    const set = (value: string): void => {
      spawnSync('redis-cli', ['-s', join(folder, 'redis.sock'), 'config', 'set', 'appendfsync', value]);
    };
    set('everysec');
    await expect(connectRedis(server.url, noNote)).rejects.toMatchObject({ code: 'redis/persistence' });
    set('always');
    const redis = await connectRedis(server.url, noNote);
    await redis.close();
  });

  it('refuses to start where there is none', async () => {
    await expect(connectRedis('unix:/nowhere/redis.sock', noNote)).rejects.toMatchObject({ code: 'redis/unreachable' });
  });
});

async function untilLost(ask: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await ask();
    } catch (error) {
      return error;
    }
  }
}
