import { createHash } from 'node:crypto';
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { shortPhase1 } from '../../ceremony/phase1-file.ts';
import { BEACON, DAY } from '../../ceremony/small.ts';
import { newFolder, urna } from '../cli/urna.ts';

const folder = newFolder();
let ptau: string;
let hash: string;

beforeAll(async () => {
  ptau = await shortPhase1(folder);
  hash = createHash('blake2b512').update(readFileSync(ptau)).digest('hex');
});
afterAll(terminate);

const ceremony = async (...words: readonly string[]) => {
  const { answer } = await urna(folder, ['ceremony', ...words, '--json']);
  return { code: answer?.code, data: answer?.data ?? {} };
};
const ok = (data: object = {}) => ({ code: 'ok', data: expect.objectContaining(data) });

describe('urna ceremony, of a real circuit', () => {
  it('begins on a phase 1 file with the given hash, which it verifies', async () => {
    const words = ['new', '--circuit', 'ballot-2', '--ptau', ptau, '--date', DAY, '--beacon', 'a block to come'];
    expect(await ceremony(...words, '--ptau-hash', hash, '--out', 'c')).toEqual(
      ok({ constraints: 8088, insecure: [expect.stringContaining('phase 1 is no published file')] }),
    );
  }, 600_000);

  it('takes contributions, one of them made to the newest key alone', async () => {
    for (const name of ['Ada', 'Blaise']) {
      expect(await ceremony('contribute', '--folder', 'c', '--name', name, '--date', DAY)).toEqual(ok({ name }));
    }
    expect(await ceremony('contribute', '--zkey', 'c/0002.zkey', '--out', 'back.zkey', '--name', 'Carl')).toEqual(ok());
    const accept = ['accept', '--folder', 'c', '--ptau', ptau, '--date', DAY];
    expect(await ceremony(...accept, '--zkey', 'c/0001.zkey')).toMatchObject({ code: 'setup/contribution' });
    expect(await ceremony(...accept, '--zkey', 'back.zkey')).toEqual(ok({ name: 'Carl', number: 3 }));
    expect(await ceremony('beacon', '--folder', 'c', '--value', BEACON, '--date', DAY)).toEqual(ok({ value: BEACON }));
  }, 600_000);

  it('writes, after verifying all of it, files that serve as the circuit’s', async () => {
    expect(await ceremony('export', '--folder', 'c', '--ptau', ptau, '--out', 'artifacts')).toEqual(ok());
    const { manifest } = readProvingArtifacts(join(folder, 'artifacts'), 'ballot-2', 'development');
    expect(manifest.insecure).toBe(true);
    expect(manifest.contributions.map(({ name }) => name)).toEqual(['Ada', 'Blaise', 'Carl']);
  }, 600_000);

  it('verifies published files; a manifest that calls them secure is found out', async () => {
    const words = ['verify', '--circuit', 'ballot-2', '--ptau', ptau, '--artifacts', 'artifacts'];
    const manifest = join(folder, 'artifacts/ballot-2/manifest.json');
    const honest = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, honest.replace('"insecure": true', '"insecure": false'));
    expect(await ceremony(...words)).toMatchObject({
      code: 'check/setup',
      data: { problems: [expect.stringContaining('phase 1 is no published file')] },
    });
  }, 600_000);

  it('finds a contribution left out, though the transcript names it', async () => {
    cpSync(join(folder, 'c'), join(folder, 'd'), { recursive: true });
    renameSync(join(folder, 'd/0002.zkey'), join(folder, 'd/0004.zkey'));
    const { code, data } = await ceremony('verify', '--folder', 'd', '--ptau', ptau);
    expect(code).toBe('check/setup');
    expect(data['problems']).toEqual([
      '2 of 3 have contributed',
      'no beacon closes the contributions',
      'the transcript names 4 contributions, the proving key holds 2',
      'the proving key is not the file of the last entry',
    ]);
  }, 600_000);
});
