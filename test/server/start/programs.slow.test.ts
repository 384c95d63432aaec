import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { flagOf } from '../../../server/frame/settings.ts';
import { exampleDefinition } from '../../protocol/definition/example.ts';

const DIST = join(import.meta.dirname, '../../../dist');

function run(
  program: string,
  env: Record<string, string>,
  args: readonly string[],
): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, ['--no-warnings', join(DIST, `${program}.mjs`), ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, said })));
}

/** Settings of a service that is reached by nobody: none of its files is there, no chain and no Redis. */
function settingsOf(program: string): Record<string, string> {
  const account = { accountFile: '/nowhere/key', accountPassphraseFile: '/nowhere/passphrase' };
  const own: Record<string, Record<string, string>> = {
    eligibility: { ...account, listsFolder: '/nowhere', publishFolder: '/nowhere' },
    'ballot-box': account,
    public: { recordFolder: '/nowhere', publicFolder: '/nowhere', artifactsFolder: '/nowhere' },
  };
  return {
    ...{ definitionFile: '/nowhere.json', election: `0x${'00'.repeat(20)}`, rpc: 'http://127.0.0.1:1' },
    ...{ redisUrl: 'unix:/nowhere.sock', ...own[program] },
  };
}

function flags(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${flagOf(name)}`, value]);
}

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'urna-programs-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['eligibility', 'ballot-box', 'public'])('%s', (program) => {
  it('names everything that is wrong with its settings at once, and ends with 2', async () => {
    const env = {
      URNA_ELECTION: 'nowhere',
      URNA_RPC: 'http://127.0.0.1:1',
      URNA_TYPO: '1',
      URNA_PORT: '70000',
      URNA_HOST: '',
    };
    const { status, said } = await run(program, env, ['--no-such', 'x']);
    expect(status).toBe(2);
    for (const part of [
      'definitionFile is missing',
      'redisUrl is missing',
      'election must match',
      'port must be',
      'host must NOT have fewer than 1 characters',
      'URNA_TYPO',
      '--no-such',
    ])
      expect(said).toContain(part);
    expect(said).not.toMatch(/\bat .+:\d+:\d+|node_modules/u);
  });

  it('says in a sentence why it cannot start, without a stack, and with the status of SPEC §16', async () => {
    const settings = { ...settingsOf(program), definitionFile: '/nowhere.json' };
    const { status, said } = await run(program, {}, flags(settings));
    expect([status, said]).toEqual([3, 'cannot start: there is no file /nowhere.json [file/missing]\n']);
  });

  it('tells bad input and what is out of reach apart by its exit status', async () => {
    const definitionFile = join(folder, 'election.json');
    writeFileSync(definitionFile, canonicalBytes(exampleDefinition() as Json));
    const { status, said } = await run(program, {}, flags({ ...settingsOf(program), definitionFile }));
    expect([status, said]).toEqual([5, expect.stringMatching(/^cannot start: .+ \[chain\/unreachable\]\n$/u)]);
  });
});

describe('the registrar’s program with a word', () => {
  it('says what the word is refused for, not that it cannot start, and ends with the status of SPEC §16', async () => {
    const [definitionFile, list] = [join(folder, 'election.json'), join(folder, 'subjects.txt')];
    writeFileSync(definitionFile, canonicalBytes(exampleDefinition() as Json));
    writeFileSync(list, 'a\nb\n');
    const settings = flags({
      ...settingsOf('eligibility'),
      ...{ definitionFile, oidcIssuer: 'https://provider.example' },
    });
    const subjects = (...words: readonly string[]): Promise<{ status: number | null; said: string }> =>
      run('eligibility', {}, ['subjects', ...words, ...settings]);
    const none = join(folder, 'none');
    expect(await subjects(none, list)).toEqual({
      ...{ status: 3, said: `eligibility: there is no file ${none} [file/missing]\n` },
    });
    expect(await subjects()).toMatchObject({ status: 2, said: expect.stringMatching(/^eligibility: usage: /u) });
    expect(await subjects(list, join(folder, 'sealed.txt'))).toMatchObject({ status: 0 });
  }, 600_000);
});
