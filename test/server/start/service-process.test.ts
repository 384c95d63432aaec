import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceProcess } from '../../../server/start/service-process.ts';

/** A program that answers, as a service does, with its process id and its settings. */
const PROGRAM = `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const settings = JSON.parse(readFileSync(process.argv[3], 'utf8'));
createServer((_, answer) => answer.end(JSON.stringify({ pid: process.pid, settings }))).listen(settings.port, settings.host);
console.log('started');
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'urna-start-'));
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answerOf({
  url,
}: ServiceProcess): Promise<{ pid: number; settings: Record<string, unknown> } | undefined> {
  const answer = await fetch(url).catch(() => undefined);
  return answer === undefined
    ? undefined
    : ((await answer.json()) as { pid: number; settings: Record<string, unknown> });
}

describe('ServiceProcess', () => {
  it('starts again what dies, the service and its Redis, and leaves nothing behind', async () => {
    const told: string[] = [];
    const spec = {
      name: 'box-1',
      program: join(folder, 'program.mjs'),
      folder: join(folder, 'box-1'),
      settings: { a: 1 },
      port: await freePort(),
    };
    const service = await ServiceProcess.start(spec, (line) => told.push(line));
    const first = await answerOf(service);
    expect(first?.settings).toMatchObject({
      a: 1,
      host: '127.0.0.1',
      redisUrl: `unix:${join(folder, 'box-1', 'redis', 'redis.sock')}`,
    });
    const before = service.pids;
    for (const pid of before) process.kill(pid, 'SIGKILL');
    for (let tries = 0; tries < 400; tries++) {
      if (told.length === 2 && (await answerOf(service)) !== undefined) break;
      await pause(50);
    }
    expect((await answerOf(service))?.pid).not.toBe(first?.pid);
    expect(told.sort()).toEqual([
      'Redis of box-1 ended and is started again',
      `box-1 ended and is started again; its log: ${service.log}`,
    ]);
    expect(readFileSync(service.log, 'utf8')).toBe('started\nstarted\n');
    await service.stop();
    for (const pid of [...before, ...service.pids]) expect(() => process.kill(pid, 0)).toThrow();
  });

  it('ends with the program that started it, where that is ended before it could stop it', async () => {
    const spec = {
      ...{ name: 'box-2', program: join(folder, 'program.mjs'), folder: join(folder, 'box-2') },
      ...{ settings: {}, port: await freePort() },
    };
    const source = (path: string): string => JSON.stringify(join(import.meta.dirname, '../../..', path));
    const parent = `import { endWithChildren } from ${source('client/cli/demo/stage.ts')};
import { ServiceProcess } from ${source('server/start/service-process.ts')};
endWithChildren();
const service = await ServiceProcess.start(${JSON.stringify(spec)}, () => undefined);
console.log(JSON.stringify(service.pids));
`;
    writeFileSync(join(folder, 'parent.mts'), parent);
    const tsx = join(import.meta.dirname, '../../../node_modules/tsx/dist/esm/index.mjs');
    const child = spawn(process.execPath, ['--import', tsx, join(folder, 'parent.mts')], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const pids = JSON.parse(line) as number[];
    expect(pids).toHaveLength(2);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143, null]);
    const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);
    for (let tries = 0; tries < 400 && pids.some(isAlive); tries++) await pause(50);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
