import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** Microseconds in which a group may use its quota of one core. */
const PERIOD = 100_000;
/** What else runs on the machine takes nothing of the quota: a weight, where others have 1024. */
const SHARES = 262_144;

/** What a group has used so far. */
export interface Usage {
  /** Seconds of processor time. */
  readonly cpu: number;
  /** Periods in which it wanted to run at all, and those of them in which its quota was used up. */
  readonly periods: number;
  readonly throttled: number;
  /** The most memory that it had at once, bytes. */
  readonly memory: number;
}

/** Processes that are given little of the machine. */
export interface NarrowGroup {
  /** Where a process writes its id to have the group's memory, with all that it starts: memory is counted where it is first used, so from the start on. */
  readonly memoryProcesses: string;
  /** Gives processes the group's part of the core from now on. */
  readonly slow: (pids: readonly number[]) => void;
  readonly usage: () => Usage;
  /** The processes go back to where there is room; the group is gone. */
  readonly close: () => void;
}

/**
 * A control group (version 1) with a part of one core, and one with so much memory, swap counted.
 *
 * @param share - of one core, for all threads of all slowed processes together @returns why there is none where this machine does not let us make one
 */
export function openNarrowGroup(name: string, share: number, bytes: number): NarrowGroup | string {
  const [cpu, account, memory] = [join(ROOT, 'cpu', name), join(ROOT, 'cpuacct', name), join(ROOT, 'memory', name)];
  const folders = [cpu, account, memory];
  try {
    folders.forEach((folder) => mkdirSync(folder));
    writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(PERIOD));
    writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(Math.floor(PERIOD * share)));
    writeFileSync(join(cpu, 'cpu.shares'), String(SHARES));
    writeFileSync(join(memory, 'memory.limit_in_bytes'), String(bytes));
    const swap = join(memory, 'memory.memsw.limit_in_bytes');
    if (existsSync(swap)) writeFileSync(swap, String(bytes));
  } catch (error) {
    closeAll(folders.filter((folder) => existsSync(folder)));
    return error instanceof Error ? error.message : String(error);
  }
  const usage = (): Usage => {
    const [periods = 0, throttled = 0] = readFileSync(join(cpu, 'cpu.stat'), 'utf8').match(/\d+/gu)?.map(Number) ?? [];
    const used = Number(readFileSync(join(account, 'cpuacct.usage'), 'utf8')) / 1e9;
    const most = Number(readFileSync(join(memory, 'memory.max_usage_in_bytes'), 'utf8'));
    return { cpu: used, periods, throttled, memory: most };
  };
  const slow = (pids: readonly number[]): void => [account, cpu].forEach((folder) => move(pids, folder));
  return { memoryProcesses: join(memory, 'cgroup.procs'), slow, usage, close: () => closeAll(folders) };
}

function closeAll(folders: readonly string[]): void {
  for (const folder of folders) {
    const left = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    move(left, join(folder, '..'));
    rmdirSync(folder);
  }
}

function move(pids: readonly number[], to: string): void {
  for (const pid of pids) writeFileSync(join(to, 'cgroup.procs'), String(pid));
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

/** A process may be gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
