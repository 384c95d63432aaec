import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requireGeth } from '../../contracts/network/clique-chain.ts';
import { readNetwork, validatorOf } from '../../../contracts/network/clique/folder.ts';
import { mine, tie } from '../../contracts/network/tie.ts';
import type { Run } from './urna.ts';
import { newFolder, urna } from './urna.ts';

const folder = newFolder();
const home = join(folder, 'network');
const address = `0x${'12'.repeat(20)}`;

interface Validator {
  readonly number: number;
  readonly address: string;
  readonly rpc: string;
  readonly pid: number | null;
  readonly answers: boolean;
  readonly head?: number;
  readonly age?: number;
  readonly peers?: number;
  readonly signs?: boolean;
  readonly sealed: number | null;
}

interface Status {
  readonly exit: number;
  readonly goesOn: boolean;
  readonly progress: string;
  /** Validators that run and seal nothing. */
  readonly silent: readonly number[];
  readonly validators: readonly Validator[];
}

const network = (...words: readonly string[]): Promise<Run> => urna(folder, ['network', ...words, '--json']);
const verdict = ({ status, answer }: Run) => ({ exit: status, code: answer?.code });
const ok = { exit: 0, code: 'ok' };
const refused = async (...words: readonly string[]) => verdict(await network(...words));
const status = async (...words: readonly string[]): Promise<Status> => {
  const { status: exit, answer } = await network('status', ...words);
  return { exit, ...(answer?.data as unknown as Omit<Status, 'exit'>) };
};

/** Milliseconds that a busy machine may take to get where a quiet one is within seconds. */
const LIMIT = 120_000;

/** The network's status as soon as it is as `wanted` says. */
async function statusOnce(wanted: (status: Status) => boolean, ...words: readonly string[]): Promise<Status> {
  for (const until = Date.now() + LIMIT; ; await pause(250)) {
    const found = await status(...words);
    if (wanted(found) || Date.now() > until) return found;
  }
}

/** Of a network that did not do what it should: where each validator stands and how its log ends. */
async function whatWentOn(name = 'network'): Promise<string> {
  const { validators } = await status('--network', name);
  const logs = validators.map(({ number }) => readFileSync(join(folder, name, `node-${number}`, 'geth.log'), 'utf8'));
  return [JSON.stringify(validators), ...logs.map((log) => log.split('\n').slice(-40).join('\n'))].join('\n\n');
}

const highest = ({ validators }: Status): number => Math.max(...validators.map(({ head }) => head ?? 0));

/** Whether all validators that run are above this block. */
const isAbove =
  (block: number) =>
  ({ validators }: Status): boolean =>
    validators.every(({ pid, head }) => pid === null || (head ?? 0) > block);

/**
 * Waits until all that run are above a block. With just enough validators left, a tie may come instead, which chance decides, or a wait that does
 * not end: then, and only then, `spare` is brought back, as the command says.
 *
 * @returns whether it had to be
 */
async function getAbove(block: number, spare?: string, ...words: readonly string[]): Promise<boolean> {
  const reached = await statusOnce(
    (found) => isAbove(block)(found) || (spare !== undefined && found.progress === 'tied'),
    ...words,
  );
  if (isAbove(block)(reached)) return false;
  if (!['tied', 'waiting'].includes(reached.progress)) throw new Error(await whatWentOn(words[1]));
  expect(reached).toMatchObject({ exit: 6, goesOn: false });
  expect(await refused('restart', spare ?? '', ...words)).toEqual(ok);
  expect(isAbove(block)(await statusOnce(isAbove(block), ...words))).toBe(true);
  return true;
}

/** Processes of this network that run, whatever the command says of them. */
function processes(): number[] {
  const lines = execFileSync('ps', ['-ww', '-eo', 'pid=,stat=,args=']).toString().split('\n');
  return lines.filter((line) => line.includes(home) && !/^\s*\d+\s+Z/u.test(line)).map((line) => parseInt(line, 10));
}

function filesUnder(path: string): string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

beforeAll(requireGeth, 600_000);
afterAll(() => processes().forEach((pid) => process.kill(pid, 'SIGKILL')));

describe('urna network init', () => {
  it('refuses numbers that make no network, and leaves nothing behind', async () => {
    const numbers = [
      ['--validators', '2'],
      ['--validators', '6'],
      ['--chain-id', '0'],
      ['--gas-limit', '1000'],
    ];
    const said = Promise.all(numbers.map((words) => refused('init', ...words)));
    expect(await said).toEqual(numbers.map(() => ({ exit: 2, code: 'usage/number' })));
    expect(await refused('init', '--fund', '0x12')).toEqual({ exit: 3, code: 'encoding/hex' });
    expect(existsSync(home)).toBe(false);
    const verbs = [['start'], ['status'], ['stop'], ['kill', '1'], ['restart', '1']];
    const missing = await Promise.all(verbs.map((words) => refused(...words)));
    expect(missing).toEqual(verbs.map(() => ({ exit: 3, code: 'file/missing' })));
  });

  it('makes a folder whose secrets only its owner can read, and tells none of them; never a second one', async () => {
    const made = await network('init', '--chain-id', '4242', '--fund', address);
    expect(verdict(made)).toEqual(ok);
    expect(made.answer?.data).toMatchObject({ chainId: 4242, folder: 'network', validators: [{}, {}, {}] });
    expect(statSync(home).mode & 0o777).toBe(0o700);
    const secret = /password|treasury-key|nodekey|keystore/u;
    const secrets = filesUnder(home).filter((path) => secret.test(path));
    expect(secrets).toHaveLength(2 + 2 * 3);
    for (const path of secrets) {
      expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o600]);
      if (!path.includes('keystore')) expect(made.stdout).not.toContain(readFileSync(path, 'utf8').trim());
    }
    expect(await refused('init')).toEqual({ exit: 3, code: 'file/exists' });
  });
});

describe('a network', () => {
  it('starts, seals together, and says so', async () => {
    const [idle, none] = await Promise.all([refused('status'), refused('kill', '1')]);
    expect([idle, none]).toEqual([
      { exit: 6, code: 'incomplete/network' },
      { exit: 4, code: 'network/stopped' },
    ]);
    const started = await network('start');
    expect(verdict(started)).toEqual(ok);
    expect(started.answer?.data).toMatchObject({ started: [1, 2, 3], chainId: 4242 });
    const together = ({ validators }: Status): boolean =>
      validators.every(({ head, peers }) => (head ?? 0) > 2 && peers === 2);
    const { validators } = await statusOnce(together);
    expect(validators).toMatchObject([1, 2, 3].map((number) => ({ number, answers: true, peers: 2, signs: true })));
    expect(validators.map(({ pid }) => pid).sort()).toEqual(processes().sort());
    expect(await refused('start')).toEqual({ exit: 4, code: 'network/running' });
  }, 300_000);

  it('funds accounts from its treasury', async () => {
    const other = `0x${'34'.repeat(20)}`;
    const [paid, unreadable] = await Promise.all([
      network('fund', other, '--network', 'network'),
      refused('fund', '0x12', '--network', 'network'),
    ]);
    expect(paid.status === 0 ? '' : paid.stderr + (await whatWentOn())).toBe('');
    expect([verdict(paid), unreadable]).toEqual([ok, { exit: 3, code: 'encoding/hex' }]);
    const [{ rpc } = { rpc: '' }] = (await status()).validators;
    for (const [account, wei] of [
      [address, 2n ** 200n],
      [other, 2n ** 160n],
    ] as const) {
      expect(BigInt(String(await ask(rpc, 'eth_getBalance', [account, 'latest'])))).toBe(wei);
    }
  }, 300_000);

  it('goes on with one validator killed, which restart brings back; a second one killed stops the chain', async () => {
    expect((await network('kill', '2')).answer?.data).toEqual({ killed: 2 });
    const [again, after] = await Promise.all([refused('kill', '2'), status()]);
    expect(again).toEqual({ exit: 4, code: 'network/stopped' });
    expect(after.validators).toMatchObject([{}, { pid: null, answers: false }, {}]);
    const before = highest(after);
    if (!(await getAbove(before + 2, '2')))
      expect((await network('restart', '2')).answer?.data).toEqual({ restarted: 2 });
    await getAbove(before + 4);
    const words = [
      ['restart', '4'],
      ['kill', '1'],
      ['kill', '3'],
    ];
    const said = await Promise.all(words.map((each) => refused(...each)));
    expect(said).toEqual([{ exit: 3, code: 'network/validator' }, ok, ok]);
    const [few, unpaid] = await Promise.all([status(), refused('fund', address, '--network', 'network')]);
    expect(few).toMatchObject({ exit: 6, goesOn: false, progress: 'too-few' });
    expect(unpaid).toEqual({ exit: 5, code: 'chain/unreachable' });
    // One alone seals no two blocks in a row: the chain stands, until the others are back.
    const stands = await statusOnce(({ validators }) => (validators[1]?.age ?? 0) > 5);
    expect(stands.validators[1]?.age).toBeGreaterThan(5);
    expect((await network('start')).answer?.data).toMatchObject({ started: [1, 3] });
    await getAbove(highest(stands) + 3);
    expect(await statusOnce(({ goesOn }) => goesOn)).toMatchObject({ exit: 0, goesOn: true, progress: 'goes-on' });
  }, 600_000);

  it('names a validator that runs and seals nothing, until it seals again', async () => {
    await mine(home, validatorOf(readNetwork(home), 2), false);
    // One that has not been told yet may have sealed among the last blocks.
    const named = await statusOnce(({ silent, progress }) => silent.length > 0 || progress === 'tied');
    const text = (await urna(folder, ['network', 'status'])).stdout;
    expect((await network('restart', '2')).answer?.data).toEqual({ restarted: 2 });
    // Two that are tied without it (CLIQUE.md), or wait for each other, seal as little as it does.
    if (named.goesOn) {
      expect(named).toMatchObject({ exit: 0, goesOn: true, silent: [2] });
      expect(named.validators[1]).toMatchObject({ answers: true, signs: true, sealed: 0 });
      expect(text).toContain('validator 2 runs, but has sealed none of the last 24 blocks');
    }
    expect((await statusOnce(({ silent, goesOn }) => goesOn && silent.length === 0)).silent).toEqual([]);
  }, 600_000);

  it('says where just enough validators are tied, each on a block of its own, and that one more unties them', async () => {
    await tie(await requireGeth(), home);
    const tied = await statusOnce(({ progress }) => progress === 'tied');
    expect(tied).toMatchObject({ exit: 6, goesOn: false, progress: 'tied' });
    const { status: exit, stdout } = await urna(folder, ['network', 'status']);
    expect([exit, stdout]).toEqual([6, expect.stringContaining('"urna network restart N"')]);
    const killed = tied.validators.find(({ pid }) => pid === null)?.number;
    expect(await refused('restart', String(killed))).toEqual(ok);
    await getAbove(highest(tied) + 2);
  }, 600_000);

  it('leaves nothing running when it is stopped, and its secrets in no log and no list of processes', async () => {
    const commands = execFileSync('ps', ['-ww', '-eo', 'args=']).toString();
    const logs = [1, 2, 3].map((number) => readFileSync(join(home, `node-${number}`, 'geth.log'), 'utf8')).join('');
    for (const path of [join(home, 'password'), join(home, 'treasury-key')]) {
      const secret = readFileSync(path, 'utf8').trim().replace('0x', '');
      expect(commands.includes(secret)).toBe(false);
      expect(logs.includes(secret)).toBe(false);
    }
    expect((await network('stop')).answer?.data).toEqual({ stopped: [1, 2, 3] });
    expect(processes()).toEqual([]);
    const again = await network('stop');
    expect([verdict(again), again.answer?.data]).toEqual([ok, { stopped: [] }]);
  }, 300_000);
});

/** JSON-RPC of a validator. */
async function ask(rpc: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await response.json()) as { result: unknown }).result;
}

/** Waits until each validator has sealed one of the last blocks. */
async function haveAllSealed({ validators }: Status): Promise<void> {
  for (const until = Date.now() + LIMIT; ; await pause(500)) {
    const { sealerActivity: sealed } = (await ask(validators[0]?.rpc ?? '', 'clique_status')) as {
      readonly sealerActivity: Readonly<Record<string, number>>;
    };
    const idle = validators.filter((each) => (sealed[each.address] ?? 0) === 0).map(({ number }) => number);
    if (idle.length === 0) return;
    if (Date.now() > until) throw new Error(`validators that do not seal: ${idle.join(', ')}`);
  }
}

/** Ends with some killed and one more: the rest is too few. */
async function goOnWithFewer(count: number, killed: readonly string[]): Promise<void> {
  const own = ['--network', `network-of-${count}`];
  const all = Array.from({ length: count }, (_, i) => i + 1);
  expect(verdict(await network('init', '--validators', String(count), ...own))).toEqual(ok);
  expect((await network('start', ...own)).answer?.data).toMatchObject({ started: all });
  const isTogether = ({ validators }: Status): boolean =>
    validators.every(({ head, peers }) => (head ?? 0) > 2 && peers === count - 1);
  const together = await statusOnce(isTogether, ...own);
  expect(together.validators).toMatchObject(
    all.map((number) => ({ number, answers: true, peers: count - 1, signs: true })),
  );
  await haveAllSealed(together);
  for (const number of killed) expect(await refused('kill', number, ...own)).toEqual(ok);
  const back = await getAbove(highest(await status(...own)) + 3, killed[0], ...own);
  for (const number of ['1', ...(back ? killed.slice(0, 1) : [])])
    expect(await refused('kill', number, ...own)).toEqual(ok);
  expect(await status(...own)).toMatchObject({ exit: 6, goesOn: false, progress: 'too-few' });
  expect((await network('stop', ...own)).answer?.data).toEqual({
    stopped: all.filter((number) => number !== 1 && !killed.includes(String(number))),
  });
}

it('a network of four goes on with one killed, of five with two, and each stops with one more', async () => {
  await Promise.all([goOnWithFewer(4, ['4']), goOnWithFewer(5, ['2', '4'])]);
  expect(processes()).toEqual([]);
}, 600_000);
