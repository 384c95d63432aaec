import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Lines of a box's log that are kept. */
const LINES = 60;
/** A box whose masks' proofs are simulated, and the one that is run. */
const SIMULATED = join(import.meta.dirname, 'simulated-box.ts');
export const REAL = join(import.meta.dirname, '../../../server/ballot-box/main.ts');

/** A box as a process of its own, on a port that it keeps when it is started again. */
export interface BoxProcess {
  readonly url: string;
  /** Starts it (again) and waits until it answers. */
  start(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Of the process that runs now. */
  pid(): number;
  /** The last that it logged besides requests, of all its processes. */
  said(): string;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A box that is not running yet. */
export async function boxProcess(
  settings: Readonly<Record<string, string | number>>,
  program = SIMULATED,
): Promise<BoxProcess> {
  const port = await freePort();
  const flag = (key: string): string => `--${key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
  const flags = Object.entries({ ...settings, port }).flatMap(([key, value]) => [flag(key), String(value)]);
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const lines: string[] = [];
  const keep = (text: string): void => {
    lines.push(...text.split('\n').filter((line) => line !== '' && !line.includes('"answered"')));
    lines.splice(0, Math.max(0, lines.length - LINES));
  };
  const killed = (): void => void child?.kill('SIGKILL');
  process.once('exit', killed);
  const start = async (): Promise<void> => {
    const own = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', program, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] },
    });
    child = own;
    let said = '';
    own.stdout.setEncoding('utf8').on('data', keep);
    own.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    for (;;) {
      if (own.exitCode !== null) throw new Error(`the box ended: ${said}`);
      if ((await fetch(`${url}/v1/healthz`).catch(() => undefined))?.ok === true) return;
      await pause(50);
    }
  };
  const kill = async (): Promise<void> => {
    const own = child;
    if (own === undefined || own.exitCode !== null || own.signalCode !== null) return;
    const ended = once(own, 'exit');
    own.kill('SIGKILL');
    await ended;
  };
  return { url, start, kill, pid: () => child?.pid ?? 0, said: () => lines.join('\n') };
}

/** A way to a node that can be cut. */
export interface Line {
  readonly url: string;
  /** Nobody gets through for so long, and whoever was through is thrown out. */
  cut(milliseconds: number): Promise<void>;
  /** The same while something is done. */
  cutWhile(what: () => Promise<void>): Promise<void>;
  /** From now on it leads to what listens at `url`; whoever was through is thrown out. */
  divert(url: string): void;
  close(): Promise<void>;
}

/** A line to what listens at `url`. */
export async function lineTo(url: string): Promise<Line> {
  let target = Number(new URL(url).port);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const through = connect(target, '127.0.0.1');
    for (const each of [socket, through]) {
      open.add(each);
      each.on('error', () => undefined).on('close', () => (open.delete(each), socket.destroy(), through.destroy()));
    }
    socket.pipe(through).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const throwOut = (): void => [...open].forEach((socket) => socket.destroy());
  const cutWhile = async (what: () => Promise<void>): Promise<void> => {
    isCut = true;
    throwOut();
    await what().finally(() => (isCut = false));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cutWhile,
    cut: (milliseconds) => cutWhile(() => pause(milliseconds)),
    divert: (other) => {
      target = Number(new URL(other).port);
      throwOut();
    },
    close: async () => {
      server.close();
      throwOut();
      await once(server, 'close');
    },
  };
}
