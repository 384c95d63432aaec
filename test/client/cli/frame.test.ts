import { describe, expect, it } from '@jest/globals';
import { newFolder, put, urna, verdict } from './urna.ts';

describe('urna', () => {
  it('shows every noun and the exit statuses in its help', async () => {
    const { status, stdout } = await urna(newFolder(), ['--help']);
    expect(status).toBe(0);
    for (const noun of [
      'election',
      'credentials',
      'roll',
      'trustee',
      'officer',
      'box',
      'voter',
      'tally',
      'observe',
      'record',
    ]) {
      expect(stdout).toContain(noun);
    }
    expect(stdout).toContain('70 our fault');
  });

  it('answers an unknown noun, verb or option with exit 2 and one JSON object', async () => {
    const folder = newFolder();
    expect(await verdict(folder, 'elections')).toEqual({ exit: 2, code: 'usage/arguments' });
    expect(await verdict(folder, 'election', 'burn')).toEqual({ exit: 2, code: 'usage/arguments' });
    expect(await verdict(folder, 'election', 'check', '--colour', 'red')).toEqual({ exit: 2, code: 'usage/arguments' });
    expect(await verdict(folder, 'election', 'check', 'stray')).toEqual({ exit: 2, code: 'usage/arguments' });
  });

  it('names a missing option and a missing setting', async () => {
    const folder = newFolder();
    expect(await verdict(folder, 'voter', 'new')).toEqual({ exit: 2, code: 'usage/arguments' });
    const { status, answer } = await urna(folder, ['election', 'check', '--json']);
    expect(status).toBe(2);
    expect(answer?.code).toBe('usage/setting');
    expect(String(answer?.data['message'])).toContain('URNA_DEFINITION');
  });

  it('prints errors for people on stderr only', async () => {
    const { status, stdout, stderr } = await urna(newFolder(), ['election', 'check', '--definition', 'none.json']);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('[file/missing]');
  });
});

describe('settings', () => {
  it('lets a flag win over the environment and the environment over the file', async () => {
    const folder = newFolder();
    put(folder, 'urna.config.json', '{"definition": "from-file.json"}');
    const message = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
      const { answer } = await urna(folder, ['election', 'check', '--json', ...words], env);
      return String(answer?.data['message']);
    };
    expect(await message([], {})).toContain('from-file.json');
    expect(await message([], { URNA_DEFINITION: 'from-env.json' })).toContain('from-env.json');
    expect(await message(['--definition', 'flag.json'], { URNA_DEFINITION: 'from-env.json' })).toContain('flag.json');
  });

  it('refuses what nothing reads, in file and environment', async () => {
    const folder = newFolder();
    const odd = await urna(folder, ['election', 'check', '--json'], { URNA_RCP: 'http://localhost' });
    expect({ status: odd.status, code: odd.answer?.code }).toEqual({ status: 3, code: 'config/unknown' });
    put(folder, 'urna.config.json', '{"rcp": "http://localhost"}');
    expect(await verdict(folder, 'election', 'check')).toEqual({ exit: 3, code: 'config/unknown' });
    put(folder, 'urna.config.json', '{"rpc": 5}');
    expect(await verdict(folder, 'election', 'check')).toEqual({ exit: 3, code: 'config/value' });
    put(folder, 'urna.config.json', '[]');
    expect(await verdict(folder, 'election', 'check')).toEqual({ exit: 3, code: 'config/value' });
    put(folder, 'urna.config.json', '{"rpc": "a", "rpc": "b"}');
    expect(await verdict(folder, 'election', 'check')).toEqual({ exit: 3, code: 'json/syntax' });
  });
});

describe('secrets', () => {
  it('refuses a passphrase file that others can read, and one that is too short or empty', async () => {
    const folder = newFolder();
    const words = ['trustee', 'key', '--out', 'key.age', '--passphrase-file', 'pass'];
    put(folder, 'pass', 'correct horse battery', 0o644);
    expect(await verdict(folder, ...words)).toEqual({ exit: 3, code: 'secret/permissions' });
    put(newFolder(), 'pass', '');
    const short = newFolder();
    put(short, 'pass', 'short\n', 0o600);
    expect(await verdict(short, ...words)).toEqual({ exit: 3, code: 'secret/passphrase' });
    const empty = newFolder();
    put(empty, 'pass', '\n', 0o600);
    expect(await verdict(empty, ...words)).toEqual({ exit: 3, code: 'secret/passphrase' });
  });

  it('asks at a terminal only: without one and without a file it says so', async () => {
    expect(await verdict(newFolder(), 'trustee', 'key', '--out', 'key.age')).toEqual({
      exit: 2,
      code: 'usage/terminal',
    });
  });

  it('writes key files that only their owner can read, never over another file, and opens them in their office only', async () => {
    const folder = newFolder();
    put(folder, 'pass', 'correct horse battery', 0o600);
    const made = await urna(folder, ['box', 'key', '--out', 'key.age', '--passphrase-file', 'pass', '--json']);
    expect(made.status).toBe(0);
    expect(made.answer?.data['address']).toMatch(/^0x[0-9a-f]{40}$/u);
    const { statSync, readFileSync } = await import('node:fs');
    expect(statSync(`${folder}/key.age`).mode & 0o077).toBe(0);
    expect(readFileSync(`${folder}/key.age`, 'latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/u);
    expect(made.stdout).not.toContain('privateKey');
    const again = await verdict(folder, 'box', 'key', '--out', 'key.age', '--passphrase-file', 'pass');
    expect(again).toEqual({ exit: 3, code: 'file/exists' });
  });
});

describe('a chain that does not answer', () => {
  it('is exit 5: try again', async () => {
    const { smallDefinition, DEPLOYED } = await import('./definition.ts');
    const folder = newFolder();
    put(folder, 'election.json', smallDefinition().bytes);
    const words = ['election', 'status', '--definition', 'election.json', '--election', DEPLOYED];
    expect(await verdict(folder, ...words, '--rpc', 'http://127.0.0.1:9')).toEqual({
      exit: 5,
      code: 'chain/unreachable',
    });
    expect((await verdict(folder, ...words, '--rpc', 'http://me:secret@127.0.0.1:9')).exit).not.toBe(0);
    expect((await verdict(folder, ...words, '--rpc', 'ftp://127.0.0.1')).code).toBe('chain/url');
  });
});
