import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requireGeth } from '../../contracts/network/clique-chain.ts';
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
  readonly peers?: number;
  readonly signs?: boolean;
}

const network = (...words: readonly string[]): Promise<Run> => urna(folder, ['network', ...words, '--json']);
const verdict = ({ status, answer }: Run) => ({ exit: status, code: answer?.code });
const ok = { exit: 0, code: 'ok' };
const refused = async (...words: readonly string[]) => verdict(await network(...words));
const status = async (...words: readonly string[]) => {
  const { status: exit, answer } = await network('status', ...words);
  return { exit, ...(answer?.data as unknown as { goesOn: boolean; validators: readonly Validator[] }) };
};

/** The validators, as soon as they are as `wanted` says; they are there within seconds, or never. */
async function validatorsOnce(
  wanted: (all: readonly Validator[]) => boolean,
  ...words: readonly string[]
): Promise<readonly Validator[]> {
  for (let tries = 0; ; tries++) {
    const { validators } = await status(...words);
    if (wanted(validators) || tries === 20) return validators;
    await pause(500);
  }
}

/** Of a network that did not do what it should: where each validator stands and how its log ends. */
async function whatWentOn(): Promise<string> {
  const { validators } = await status();
  const logs = validators.map(({ number }) => readFileSync(join(home, `node-${number}`, 'geth.log'), 'utf8'));
  return [JSON.stringify(validators), ...logs.map((log) => log.split('\n').slice(-40).join('\n'))].join('\n\n');
}

const highest = (validators: readonly Validator[]): number => Math.max(...validators.map(({ head }) => head ?? 0));

/** Whether all validators, or all that run, get to a block above this one. */
async function getAbove(head: number, ...words: readonly string[]): Promise<boolean> {
  const above = ({ pid, head: own }: Validator): boolean => pid === null || (own ?? 0) > head;
  return (await validatorsOnce((all) => all.every(above), ...words)).every(above);
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
    const validators = await validatorsOnce((all) => all.every(({ head, peers }) => (head ?? 0) > 2 && peers === 2));
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
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: [account, 'latest'] });
      const response = await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(BigInt(((await response.json()) as { result: string }).result)).toBe(wei);
    }
  }, 300_000);

  it('goes on with one validator killed, which restart brings back; a second one killed stops the chain', async () => {
    expect((await network('kill', '2')).answer?.data).toEqual({ killed: 2 });
    const [again, after] = await Promise.all([refused('kill', '2'), status()]);
    expect(again).toEqual({ exit: 4, code: 'network/stopped' });
    expect(after).toMatchObject({ exit: 0, goesOn: true, validators: [{}, { pid: null, answers: false }, {}] });
    const before = highest(after.validators);
    expect(await getAbove(before)).toBe(true);
    expect((await network('restart', '2')).answer?.data).toEqual({ restarted: 2 });
    expect(await getAbove(before)).toBe(true);
    const words = [
      ['restart', '4'],
      ['kill', '1'],
      ['kill', '3'],
    ];
    const said = await Promise.all(words.map((each) => refused(...each)));
    expect(said).toEqual([{ exit: 3, code: 'network/validator' }, ok, ok]);
    const [stands, unpaid] = await Promise.all([status(), refused('fund', address, '--network', 'network')]);
    expect(stands).toMatchObject({ exit: 6, goesOn: false });
    expect(unpaid).toEqual({ exit: 5, code: 'chain/unreachable' });
    const stood = highest(stands.validators);
    await pause(3_000);
    // One alone seals no two blocks in a row: the chain stands, until the others are back.
    expect(highest((await status()).validators)).toBeLessThanOrEqual(stood + 1);
    expect((await network('start')).answer?.data).toMatchObject({ started: [1, 3] });
    expect(await getAbove(stood + 3)).toBe(true);
    expect(await status()).toMatchObject({ exit: 0, goesOn: true });
  }, 300_000);

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

describe.each([
  { validators: 4, killed: ['4'] },
  { validators: 5, killed: ['2', '4'] },
])('a network of $validators validators', ({ validators: count, killed }) => {
  it(`goes on with ${killed.length} of them killed, and stops with one more`, async () => {
    const own = ['--network', `network-of-${count}`];
    const all = Array.from({ length: count }, (_, i) => i + 1);
    expect(verdict(await network('init', '--validators', String(count), ...own))).toEqual(ok);
    expect((await network('start', ...own)).answer?.data).toMatchObject({ started: all });
    const together = await validatorsOnce((each) => each.every(({ head }) => (head ?? 0) > 2), ...own);
    expect(together).toMatchObject(all.map((number) => ({ number, answers: true, peers: count - 1, signs: true })));
    for (const number of killed) expect(await refused('kill', number, ...own)).toEqual(ok);
    const fewer = await status(...own);
    expect(fewer).toMatchObject({ exit: 0, goesOn: true });
    expect(await getAbove(highest(fewer.validators) + 2, ...own)).toBe(true);
    expect(await refused('kill', '1', ...own)).toEqual(ok);
    expect(await status(...own)).toMatchObject({ exit: 6, goesOn: false });
    expect((await network('stop', ...own)).answer?.data).toEqual({
      stopped: all.filter((n) => n !== 1 && !killed.includes(String(n))),
    });
    expect(processes()).toEqual([]);
  }, 300_000);
});
