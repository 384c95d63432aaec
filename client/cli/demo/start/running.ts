import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UrnaError } from '../../../../protocol/errors.ts';

/** Name of the file with the process ids of a running start. */
const FILE = 'running.json';

/** Refuses to start twice in one folder: two Redis on one file would destroy it. @throws `start/running` */
export function requireAlone(root: string): void {
  const path = join(root, FILE);
  if (!existsSync(path)) return;
  const alive = (JSON.parse(readFileSync(path, 'utf8')) as number[]).filter(isAlive);
  if (alive.length === 0) return;
  const sentence = `an earlier start still runs in ${root} (processes ${alive.join(', ')}): end it first`;
  throw new UrnaError('start/running', sentence);
}

/** Notes which processes run. */
export function noteRunning(root: string, pids: readonly number[]): void {
  writeFileSync(join(root, FILE), JSON.stringify(pids));
}

/** To be called when they have ended. */
export function forgetRunning(root: string): void {
  rmSync(join(root, FILE), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
