import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** Microseconds in which a group may use its quota of one core. */
const PERIOD = 100_000;

/** Processes that are given little of the machine. */
export interface NarrowGroup {
  readonly add: (pids: readonly number[]) => void;
  /** The processes go back to where there is room; the group is gone. */
  readonly close: () => void;
}

/**
 * A control group (version 1) with a part of one core and so much memory, swap not counted.
 *
 * @param share - of one core @returns why there is none where this machine does not let us make one
 */
export function openNarrowGroup(name: string, share: number, bytes: number): NarrowGroup | string {
  const folders = ['cpu', 'memory'].map((controller) => join(ROOT, controller, name));
  const [cpu = '', memory = ''] = folders;
  try {
    folders.forEach((folder) => mkdirSync(folder));
    writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(PERIOD));
    writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(Math.floor(PERIOD * share)));
    writeFileSync(join(memory, 'memory.limit_in_bytes'), String(bytes));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const move = (pids: readonly number[], to: string): void => {
    for (const pid of pids) writeFileSync(join(to, 'cgroup.procs'), String(pid));
  };
  const close = (): void => {
    for (const folder of folders) {
      const left = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
      move(left, join(folder, '..'));
      rmdirSync(folder);
    }
  };
  return { add: (pids) => folders.forEach((folder) => move(pids, folder)), close };
}

/** Processes below `pid` whose command line has this word. */
export function descendants(pid: number, word: string): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/u.test(each))) {
    const stat = read(`/proc/${name}/stat`);
    // After the name, which is in brackets and may hold anything: state, parent.
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (each: number | undefined): boolean =>
    each !== undefined && each > 1 && (each === pid || isBelow(parents.get(each)));
  return [...parents.keys()].filter((each) => isBelow(each) && read(`/proc/${each}/cmdline`).includes(word));
}

/** Seconds of processor time that processes have used so far. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

/** A process may be gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
