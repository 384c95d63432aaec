import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DEPLOYED, smallDefinition } from './definition.ts';
import { newFolder, put, urna, verdict } from './urna.ts';

const folder = newFolder();
const SITE = ['--definition', 'election.json', '--election', DEPLOYED];
const LIST =
  'id;name;district\r\n1;Ann;north\r\n2;Bob;north\r\n3;Eve;south\r\n4;Joe;south\r\n5;Kim;islands\r\n6;Lee;islands\r\n';

function letterCode(id: string): string {
  const letter = readFileSync(join(folder, 'made/secret/letters', `${id}.txt`), 'utf8');
  return /^ +([0-9A-Z-]{24})$/mu.exec(letter)?.[1] ?? '';
}

async function register(
  id: string,
  district: string,
  out: string,
  commitment = id,
  sequence = '1',
): Promise<{ exit: number; code: string | undefined }> {
  put(folder, `code-${id}`, letterCode(id), 0o600);
  put(folder, `c-${commitment}.json`, `{"commitment":"0x${commitment.padStart(64, '0')}","type":"urna/v1/commitment"}`);
  const own = [
    '--commitment',
    `c-${commitment}.json`,
    '--code-file',
    `code-${id}`,
    '--district',
    district,
    '--sequence',
    sequence,
  ];
  return verdict(folder, 'voter', 'register', ...SITE, ...own, '--out', out);
}

beforeAll(async () => {
  put(folder, 'election.json', smallDefinition().bytes);
  put(folder, 'voters.csv', LIST);
  const words = ['credentials', 'make', '--definition', 'election.json', '--voters', 'voters.csv', '--out', 'made'];
  expect(await verdict(folder, ...words)).toEqual({ exit: 0, code: 'ok' });
  expect(await verdict(folder, ...words)).toEqual({ exit: 3, code: 'file/exists' });
});

describe('urna credentials make', () => {
  it('gives everyone public keys only, and the authority letters that nobody else can read', () => {
    const secret = join(folder, 'made/secret');
    const codes = ['1', '2', '3', '4', '5', '6'].map(letterCode);
    expect(new Set(codes).size).toBe(6);
    const published = readdirSync(join(folder, 'made/public')).map((name) =>
      readFileSync(join(folder, 'made/public', name), 'utf8'),
    );
    expect(published.length).toBe(3);
    for (const text of published) {
      for (const code of codes) expect(text).not.toContain(code);
      expect(text).not.toMatch(/Ann|Bob|Eve/u);
    }
    for (const name of readdirSync(join(secret, 'letters')))
      expect(statSync(join(secret, 'letters', name)).mode & 0o077).toBe(0);
    expect(readFileSync(join(secret, 'reserve-north.txt'), 'utf8')).toMatch(/^[0-9A-Z-]{24}\n$/u);
    expect(readFileSync(join(secret, 'letters-north.html'), 'utf8')).toContain(letterCode('1'));
  });

  it('refuses a list whose numbers are not those of the definition', async () => {
    put(folder, 'short.csv', LIST.replace('6;Lee;islands\r\n', ''));
    const words = ['credentials', 'make', '--definition', 'election.json', '--voters', 'short.csv', '--out', 'other'];
    expect(await verdict(folder, ...words)).toEqual({ exit: 3, code: 'credentials/count' });
  });
});

describe('urna voter register', () => {
  it('refuses an unknown district, a mistyped credential, a sequence of 0 and a commitment of 0', async () => {
    expect(await register('1', 'east', 'r.json')).toEqual({ exit: 3, code: 'name/district' });
    expect(await register('1', 'north', 'r.json', '1', '0')).toEqual({ exit: 2, code: 'usage/number' });
    expect(await register('1', 'north', 'r.json', '0')).toEqual({ exit: 3, code: 'commitment/file' });
    const wrong = letterCode('1').replace(/^./u, (char) => (char === '0' ? '1' : '0'));
    put(folder, 'wrong', wrong, 0o600);
    const words = [
      'voter',
      'register',
      ...SITE,
      '--commitment',
      'c-1.json',
      '--code-file',
      'wrong',
      '--district',
      'north',
      '--out',
      'r.json',
    ];
    expect(await verdict(folder, ...words)).toEqual({ exit: 3, code: 'credential/checksum' });
  });
});

describe('urna roll collect', () => {
  it('takes signed registrations, the last of each credential, and refuses all others by name', async () => {
    mkdirSync(join(folder, 'in'));
    expect(await register('1', 'north', 'in/a.json', '11')).toEqual({ exit: 0, code: 'ok' });
    expect(await register('1', 'north', 'in/b.json', '12', '2')).toEqual({ exit: 0, code: 'ok' });
    expect(await register('3', 'south', 'in/c.json', '13')).toEqual({ exit: 0, code: 'ok' });
    // A credential of the south used in the north, a commitment of somebody else, a replay, and a file that was changed.
    await register('4', 'north', 'in/d.json', '14');
    await register('2', 'north', 'in/e.json', '13');
    put(folder, 'in/f.json', readFileSync(join(folder, 'in/a.json')));
    await register('5', 'islands', 'in/g.json', '15');
    put(folder, 'in/g.json', readFileSync(join(folder, 'in/g.json'), 'utf8').replace(/15"/u, '16"'));
    put(folder, 'in/h.json', '{"commitment":"0x01"}\n');
    put(folder, 'in/i.json', 'x'.repeat(5000));
    const words = [
      'roll',
      'collect',
      'in',
      ...SITE,
      '--lists',
      'made/public',
      '--out',
      'registrations.jsonl',
      '--json',
    ];
    const { status, answer } = await urna(folder, words);
    expect({ status, code: answer?.code }).toEqual({ status: 1, code: 'check/registrations' });
    const refused = answer?.data['refused'] as readonly { file: string; code: string }[];
    expect(Object.fromEntries(refused.map(({ file, code }) => [file, code]))).toEqual({
      'in/d.json': 'registration/credential',
      'in/e.json': 'registration/commitment',
      'in/f.json': 'registration/sequence',
      'in/g.json': 'registration/signature',
      'in/h.json': 'registration/shape',
      'in/i.json': 'file/too-large',
    });
    expect(answer?.data['members']).toEqual([1, 1, 0]);
    const lines = readFileSync(join(folder, 'registrations.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual([2, 1]);
  });
});
