import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

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

describe.each(['eligibility', 'ballot-box', 'public'])('%s', (program) => {
  it('names everything that is wrong with its settings at once, and ends with 2', async () => {
    const env = { URNA_ELECTION: 'nowhere', URNA_RPC: 'http://127.0.0.1:1', URNA_TYPO: '1', URNA_PORT: '70000' };
    const { status, said } = await run(program, env, ['--no-such', 'x']);
    expect(status).toBe(2);
    for (const part of [
      'definitionFile is missing',
      'redisUrl is missing',
      'election must match',
      'port must be',
      'URNA_TYPO',
      '--no-such',
    ])
      expect(said).toContain(part);
    expect(said).not.toMatch(/\bat .+:\d+:\d+|node_modules/u);
  });

  it('says in a sentence why it cannot start, without a stack', async () => {
    const settings = [
      '--definition-file',
      '/nowhere.json',
      '--election',
      `0x${'00'.repeat(20)}`,
      '--rpc',
      'http://127.0.0.1:1',
    ];
    const own: Record<string, string[]> = {
      eligibility: [
        '--lists-folder',
        '/x',
        '--publish-folder',
        '/x',
        '--account-file',
        '/x',
        '--account-passphrase-file',
        '/x',
      ],
      'ballot-box': ['--account-file', '/x', '--account-passphrase-file', '/x'],
      public: ['--record-folder', '/x', '--public-folder', '/x', '--artifacts-folder', '/x'],
    };
    const { status, said } = await run(program, {}, [
      ...settings,
      '--redis-url',
      'unix:/nowhere.sock',
      ...own[program]!,
    ]);
    expect([status, said]).toEqual([70, 'cannot start: there is no file /nowhere.json [file/missing]\n']);
  });
});
