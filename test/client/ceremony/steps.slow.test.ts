import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ceremony } from '../../../ceremony/steps.ts';
import { beginCeremony } from '../../../ceremony/steps.ts';
import { decodeTranscript } from '../../../ceremony/transcript.ts';
import type { Entry } from '../../../ceremony/transcript.ts';
import { basisHere } from '../../../client/cli/ceremony/basis.ts';
import { readCeremony, writeNewCeremony } from '../../../client/cli/ceremony/folder.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { BEACON, DAY, smallCircuit, smallHead, smallPhase1 } from '../../ceremony/small.ts';
import { installedPhase1 } from '../../ceremony/phase1-file.ts';
import { newFolder, urna, verdict } from '../cli/urna.ts';

let begun: Ceremony;
let folder: string;
let r1cs: Uint8Array;
let ptau: Uint8Array;

beforeAll(async () => {
  [r1cs, ptau] = [smallCircuit('product'), await smallPhase1(['Emmy'])];
  begun = await beginCeremony(await smallHead(r1cs, ptau), { r1cs, ptau }, DAY);
});
beforeEach(async () => {
  folder = newFolder();
  await writeNewCeremony(join(folder, 'c'), begun);
});
afterAll(terminate);

const ceremony = (...words: readonly string[]) => verdict(folder, 'ceremony', ...words);
const contribute = (name: string) => ceremony('contribute', '--folder', 'c', '--name', name, '--date', DAY);
const transcript = (): Entry[] => decodeTranscript(Uint8Array.from(readFileSync(join(folder, 'c/transcript.json'))));
const ok = { exit: 0, code: 'ok' };

describe('urna ceremony contribute and beacon', () => {
  it('chain contributions of the folder and of a key that was sent away, and close them', async () => {
    const away = ['--name', 'Ada', '--zkey', 'c/0000.zkey', '--out', 'ada.zkey'];
    expect(await ceremony('contribute', ...away)).toEqual(ok);
    expect(await ceremony('contribute', ...away)).toEqual({ exit: 3, code: 'file/exists' });
    for (const name of ['Blaise', 'Carl', 'Dora']) expect(await contribute(name)).toEqual(ok);
    const beacon = ['beacon', '--folder', 'c', '--value', BEACON, '--date', DAY];
    expect(await ceremony(...beacon)).toEqual(ok);
    expect(transcript().map(({ name }) => name)).toEqual(['', 'Blaise', 'Carl', 'Dora', 'beacon']);
    expect(await ceremony(...beacon)).toEqual({ exit: 4, code: 'state/setup' });
    expect(await contribute('Emil')).toEqual({ exit: 4, code: 'state/setup' });
    expect((await readCeremony(join(folder, 'c'))).entries).toEqual(transcript());
  });

  it('prints what a contributor publishes: the hashes of the transcript’s entry', async () => {
    const words = ['ceremony', 'contribute', '--folder', 'c', '--name', 'Ada', '--date', DAY];
    const { stdout, stderr, status } = await urna(folder, words);
    const [, entry] = transcript();
    expect(status).toBe(0);
    expect(stdout.replaceAll(/\s/g, '')).toContain(entry!.hash.slice(2));
    for (const text of [entry!.file, 'name: Ada', `day: ${DAY}`]) expect(stdout).toContain(text);
    expect(stderr).toContain('contributing');
  });

  it('asks for the contributions that the ceremony needs', async () => {
    await contribute('Ada');
    const early = await ceremony('beacon', '--folder', 'c', '--value', BEACON, '--date', DAY);
    expect(early).toEqual({ exit: 6, code: 'incomplete/setup' });
  });

  it('take one contribution a name', async () => {
    await contribute('Ada');
    expect(await contribute('Ada')).toEqual({ exit: 4, code: 'state/setup' });
  });

  it('let one of two through that contribute at the same time, and lose nothing', async () => {
    const answers = await Promise.all([contribute('Ada'), contribute('Blaise')]);
    const won = answers.filter(({ code }) => code === 'ok').length;
    expect(transcript()).toHaveLength(1 + won);
    expect(won).toBeGreaterThan(0);
    if (won < 2) expect(answers).toContainEqual({ exit: 4, code: 'state/setup' });
    expect((await readCeremony(join(folder, 'c'))).entries).toHaveLength(1 + won);
    expect(readdirSync(join(folder, 'c')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('do not build on an interrupted contribution, and say what to do', async () => {
    copyFileSync(join(folder, 'c/0000.zkey'), join(folder, 'c/0001.zkey'));
    const words = ['ceremony', 'contribute', '--folder', 'c', '--name', 'Ada', '--date', DAY];
    const { stderr, status } = await urna(folder, words);
    expect(status).toBe(4);
    expect(stderr).toMatch(/0001\.zkey is there, but not in the transcript.*delete it and contribute again/);
    expect(transcript()).toHaveLength(1);
  });

  it('do not build on a key or a transcript that was changed', async () => {
    const key = readFileSync(join(folder, 'c/0000.zkey'));
    writeFileSync(join(folder, 'c/0000.zkey'), key.subarray(0, -1));
    expect(await contribute('Ada')).toEqual({ exit: 3, code: 'setup/file' });
    writeFileSync(join(folder, 'c/0000.zkey'), key);
    const text = readFileSync(join(folder, 'c/transcript.json'), 'utf8');
    writeFileSync(join(folder, 'c/transcript.json'), text.replace(DAY, '2027-05-08'));
    expect(await contribute('Ada')).toEqual(ok);
    writeFileSync(join(folder, 'c/transcript.json'), text);
    expect(await contribute('Ada')).toEqual({ exit: 4, code: 'state/setup' });
    writeFileSync(
      join(folder, 'c/ceremony.json'),
      readFileSync(join(folder, 'c/ceremony.json'), 'utf8').replace('3', '4'),
    );
    expect(await contribute('Ada')).toEqual({ exit: 3, code: 'setup/transcript' });
    writeFileSync(join(folder, 'c/transcript.json'), '{}');
    expect(await contribute('Ada')).toEqual({ exit: 3, code: 'setup/transcript' });
  });

  it.each([
    ['contribute', '--name', 'Ada'],
    ['contribute', '--name', 'Ada', '--folder', 'c', '--zkey', 'c/0000.zkey'],
    ['contribute', '--name', 'Ada', '--folder', 'c'],
    ['verify', '--ptau', 'x'],
  ])('refuses %s %s %s %s', async (...words) => {
    expect(await ceremony(...words)).toEqual({ exit: 2, code: 'usage/option' });
  });

  it.each([
    ['contribute', ['--folder', 'c', '--name', '', '--date', DAY], 2, 'usage/option'],
    ['contribute', ['--folder', 'c', '--name', 'A\tda', '--date', DAY], 3, 'setup/name'],
    ['contribute', ['--folder', 'c', '--name', 'Ada', '--date', 'today'], 3, 'setup/date'],
    ['contribute', ['--folder', 'nowhere', '--name', 'Ada', '--date', DAY], 3, 'file/missing'],
    ['beacon', ['--folder', 'c', '--value', 'block', '--date', DAY], 3, 'encoding/hex'],
    ['accept', ['--folder', 'c', '--zkey', 'c/0000.zkey', '--ptau', 'x', '--date', DAY], 3, 'artifacts/missing'],
  ] as const)('refuses %s with %j', async (verb, words, exit, code) => {
    expect(await ceremony(verb, ...words)).toEqual({ exit, code });
  });
});

describe('urna ceremony new', () => {
  const start = (...words: readonly string[]) =>
    ceremony('new', '--circuit', 'ballot-2', '--beacon', 'a block to come', '--date', DAY, '--out', 'new', ...words);
  const other = '00'.repeat(64);

  it('has to be told where phase 1 is from', async () => {
    const both = ['--ptau', 'x', '--own-ptau', '--ptau-hash', other];
    for (const words of [['--ptau', 'x'], both]) {
      expect(await start(...words)).toEqual({ exit: 2, code: 'usage/option' });
    }
  });

  it('refuses another phase 1 file than the published one, and what is none', async () => {
    const ptau = installedPhase1();
    expect(await start('--ptau', ptau, '--ptau-hash', other)).toEqual({ exit: 3, code: 'setup/phase1' });
    expect(await start('--ptau', ptau, '--ptau-hash', 'abc')).toEqual({ exit: 3, code: 'setup/phase1' });
    expect(await start('--ptau', 'c/0000.zkey', '--own-ptau')).toEqual({ exit: 3, code: 'setup/file' });
    expect(await start('--ptau', 'nowhere', '--own-ptau')).toEqual({ exit: 3, code: 'file/missing' });
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it('refuses an unknown circuit, a folder that is there, and too few contributions', async () => {
    const ptau = ['--ptau', installedPhase1(), '--own-ptau'];
    expect(await start(...ptau, '--circuit', 'ballot-4')).toEqual({ exit: 3, code: 'artifacts/missing' });
    expect(await start(...ptau, '--out', 'c')).toEqual({ exit: 3, code: 'file/exists' });
    expect(await start(...ptau, '--contributions', '2')).toEqual({ exit: 2, code: 'usage/number' });
  });
});

describe('basisHere', () => {
  const kept = join(import.meta.dirname, '../../../.cache/ceremony');
  const holding = (zkey: Uint8Array): string[] =>
    readdirSync(kept)
      .filter((name) => name.startsWith('start-'))
      .map((name) => join(kept, name))
      .filter((path) => readFileSync(path).includes(Buffer.from(zkey)));

  it('keeps the key before any contribution, and takes none that is not as it was written, or another circuit’s', async () => {
    const start = () => basisHere({ r1cs }, ptau).start?.();
    expect(await start()).toEqual(begun.zkey);
    const [file = '', ...more] = holding(begun.zkey);
    expect(more).toEqual([]);
    const whole = readFileSync(file);
    // What is there is taken, which only a key that nobody would make can show.
    const other = Buffer.from('a key of somebody else’s');
    writeFileSync(file, Buffer.concat([createHash('sha256').update(other).digest(), other]));
    expect(await start()).toEqual(Uint8Array.from(other));
    for (const at of [0, whole.length - 1]) {
      writeFileSync(
        file,
        whole.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      );
      expect(await start()).toEqual(begun.zkey);
    }
    const square = await basisHere({ r1cs: smallCircuit('square') }, ptau).start?.();
    expect(square).not.toEqual(begun.zkey);
    for (const path of [file, ...holding(square ?? new Uint8Array(1))]) rmSync(path);
  });
});
