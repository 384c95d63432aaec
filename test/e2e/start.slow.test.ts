import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { newFolder } from '../client/cli/urna.ts';
import { openBrowser } from '../client/web/browser.ts';
import { firstVote, register } from './newcomer-story.ts';
import { carefulVoter, otherMind, twoDevices } from './voter-stories.ts';
import type { Place } from './voter-stories.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What the last line that is printed says once everything runs. */
const READY = 'Ctrl-C ends everything';
const TITLES: Readonly<Record<string, string>> = { north: 'North', south: 'South', islands: 'Islands' };
const folder = newFolder();

let started: Started;
let browser: Browser;

/** A running `npm start` and what it has printed. */
interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  /** Of the program itself, which leads a group with all that it has started. */
  readonly pid: number;
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
}

/** Starts the program that `npm start` starts after set-up. Resolves once it has printed `awaited`. */
async function start(awaited = READY, where: 'in a terminal' | 'without one' = 'without one'): Promise<Started> {
  const words = ['--no-warnings', 'dist/start.mjs', '--folder', folder];
  const inTerminal = ['--quiet', '--return', '--command', ['exec', process.execPath, ...words].join(' '), '/dev/null'];
  const [program, args] = where === 'in a terminal' ? ['script', inTerminal] : [process.execPath, words];
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    // A group of its own, as a terminal gives a program.
    detached: true,
  });
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part.replaceAll('\r', '')));
  const it = { child, printed: () => text, ended };
  await untilPrinted(it, awaited);
  const pid = child.pid ?? NaN;
  return { ...it, pid: where === 'in a terminal' ? childOf(pid) : pid };
}

/** What a terminal runs: the one process that it has started. */
function childOf(terminal: number): number {
  return Number(readFileSync(`/proc/${terminal}/task/${terminal}/children`, 'utf8'));
}

async function untilPrinted({ child, printed, ended }: Omit<Started, 'pid'>, awaited: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = (): void => void (printed().includes(awaited) && resolve());
    for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
    look();
    void ended.then((status) => reject(new Error(`npm start ended with ${status}: ${printed()}`)));
  });
}

/** Runs lines as somebody would who copies them from the terminal. */
function shell(lines: readonly string[]): Promise<{ status: number | null; said: string }> {
  const child = spawn('bash', ['-e', '-c', lines.join('\n')], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], URNA_PASSPHRASE_FILE: 'passphrase' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, said })));
}

/** Printed lines after the one that begins so, up to the next empty one. */
function paragraph(title: string): string[] {
  const lines = started.printed().split('\n');
  const first = lines.findIndex((line) => line.startsWith(title));
  const end = lines.indexOf('', first);
  return lines.slice(first + 1, end).map((line) => line.trim());
}

function addresses(): Record<string, string> {
  const found = started.printed().matchAll(/^ {2}([a-z0-9-]+) +(http:\/\/\S+) {3}/gmu);
  return Object.fromEntries([...found].map(([, name, url]) => [name, url]));
}

/** Folders and districts of the voters who are told to be ready, as a person would read them. */
function voters(): Place['voters'] {
  return paragraph('Voters, each with').map((line) => {
    const [district = '', folder = ''] = line.split(/ {2,}/u).slice(1);
    return { folder: resolve(ROOT, folder), district: TITLES[district] ?? '' };
  });
}

async function ballots(): Promise<number> {
  const { polls } = (await (await fetch(`${addresses()['public']}/v1/turnout`)).json()) as {
    polls: { ballots: number }[];
  };
  return polls.reduce((sum, poll) => sum + poll.ballots, 0);
}

beforeAll(async () => {
  browser = await openBrowser();
  started = await start('Press Enter', 'in a terminal');
}, 600_000);
afterAll(async () => {
  await browser.close();
  try {
    process.kill(-started.pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
});

describe('npm start', () => {
  it('lets people register with printed codes, in a browser that goes on once voting is open', async () => {
    const [url = '', ...letters] = paragraph('Registration is open.');
    const [district = '', path = ''] = (letters[0] ?? '').split(/ {2,}/u).slice(1);
    const site = url.replace(/\/vote\/$/u, '');
    const page = await register(browser, site, resolve(ROOT, path), TITLES[district] ?? '');
    started.child.stdin.write('\n');
    await untilPrinted(started, READY);
    await firstVote(page, 'Shall the old bridge be rebuilt?', 'No');
    expect(await ballots()).toBe(1);
  }, 600_000);

  it('brings up all services, which say where they are and that they are well', async () => {
    const { chain, ...services } = addresses();
    expect(Object.keys(services).sort()).toEqual(['box-1', 'box-2', 'public', 'registrar']);
    for (const url of Object.values(services)) {
      expect(await (await fetch(`${url}/v1/healthz`)).json()).toMatchObject({ ok: true });
    }
    expect(chain).toMatch(/^http:/u);
    expect(await (await fetch(`${addresses()['public']}/`)).text()).toContain('<div id="page">');
  });

  it('lets a voter vote with the lines that it prints', async () => {
    const { status, said } = await shell(paragraph('Or with commands, as the first of them'));
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(await ballots()).toBeGreaterThan(0);
  }, 300_000);

  it('lets anybody look and verify with the lines that it prints', async () => {
    const lines = paragraph('What anybody can see').filter((line) => /^(?:curl|bin)/u.test(line));
    expect(lines).toHaveLength(2);
    const out = join(newFolder(), 'record');
    const [, look = ''] = lines;
    const { status, said } = await shell([look.replaceAll(/\brecord(?= &&|$| --so-far)/gu, out)]);
    expect({ status, said }).toMatchObject({ status: 0 });
  }, 120_000);

  it('lets voters vote in a browser, challenge, change their minds, and go on elsewhere', async () => {
    const { public: site = '', chain = '', 'box-1': one = '', 'box-2': two = '' } = addresses();
    // The first voter has voted with the command.
    const place = { site, chain: chain.split(' ')[0] ?? '', boxes: [one, two], voters: voters().slice(1) };
    const before = await ballots();
    await carefulVoter(browser, place);
    await twoDevices(browser, place);
    await otherMind(browser, place);
    // Two contests of one voter, one of another; a change is no ballot more.
    expect(await ballots()).toBe(before + 3);
  }, 900_000);

  it('ends everything when told, and another start goes on with the same data', async () => {
    const before = await ballots();
    const old = addresses();
    process.kill(started.pid, 'SIGTERM');
    expect(await started.ended).toBe(0);
    for (const url of Object.values(old)) await expect(fetch(url)).rejects.toThrow();
    started = await start();
    expect(started.printed()).not.toContain('A sample election is made first');
    expect(await ballots()).toBe(before);
    // Ctrl-C goes to the program and to all that it has started.
    process.kill(-started.pid, 'SIGINT');
    expect(await started.ended).toBe(0);
    expect(started.printed()).not.toContain('started again');
    for (const url of Object.values(addresses())) await expect(fetch(url)).rejects.toThrow();
  }, 300_000);
});
