import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UrnaError } from '../../protocol/errors.ts';

/** A Redis of our own: no port, a socket in a folder that only its owner can enter. */
export interface PrivateRedis {
  /** `unix:PATH`, for `connectRedis`. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a `redis-server` on the data in `folder`, every write on disk before it is answered.
 *
 * @throws `redis/missing` if there is no such program, `redis/start`
 */
export async function startPrivateRedis(folder: string): Promise<PrivateRedis> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const socket = join(folder, 'redis.sock');
  const flags = {
    ...{ port: '0', unixsocket: socket, unixsocketperm: '700', dir: folder, save: '' },
    ...{ appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction', 'aof-use-rdb-preamble': 'yes' },
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  await untilReady(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    process.removeListener('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await ended;
  };
  return { url: `unix:${socket}`, pid: child.pid ?? 0, ended, stop };
}

async function untilReady(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', () =>
      reject(new UrnaError('redis/missing', 'there is no program redis-server: install the package redis-server')),
    );
    child.once('exit', () =>
      reject(new UrnaError('redis/start', `redis-server did not start: ${said.slice(-3).join(' ')}`)),
    );
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      if (said.length > 50) said.shift();
      if (/ready to accept connections/iu.test(line)) resolve();
    });
  });
}
