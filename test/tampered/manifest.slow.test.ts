import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { folderFiles } from '../../protocol/node/record-folder.ts';
import type { Evidence } from '../../protocol/checks/replay/evidence.ts';
import { openRecord, verifyRecord } from '../../protocol/checks/verify-record.ts';
import { terminate } from '../../protocol/math/groth16.ts';
import { buildWorld } from '../protocol/checks/world/world.ts';
import type { Manifest } from './corpus.ts';
import { manifestText, writeCorpus } from './corpus.ts';

const folder = mkdtempSync(join(tmpdir(), 'urna-corpus-'));
let manifest: Manifest;
let build: Evidence['build'];

beforeAll(async () => {
  manifest = await writeCorpus(folder, await buildWorld());
  build = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8')) as Evidence['build'];
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await terminate();
});

/** Numbers of the checks that a record in the corpus fails. */
async function failedOf(name: string): Promise<number[]> {
  const files = folderFiles(join(folder, name));
  const { checks } = await verifyRecord(files, await openRecord(files), build);
  return checks.filter(({ ok }) => !ok).map(({ number }) => number);
}

describe('the corpus', () => {
  it('is the one whose manifest is committed: "npm run tampered" writes it anew', () => {
    const committed = readFileSync(new URL('manifest.json', import.meta.url), 'utf8');
    expect(manifestText(manifest)).toBe(committed);
  });

  it('holds one true record, in which every check passes', async () => {
    expect(await failedOf(manifest.valid.folder)).toEqual([]);
  });

  it('has at least 80 lies, for every check at least two, and no two records that are the same', () => {
    expect(manifest.lies.length).toBeGreaterThanOrEqual(80);
    for (let check = 1; check <= 19; check++) {
      expect(manifest.lies.filter((lie) => lie.check === check).length).toBeGreaterThanOrEqual(2);
    }
    const contents = manifest.lies.map(({ hash, files }) => JSON.stringify({ hash, files }));
    expect(new Set(contents).size).toBe(contents.length);
    expect(new Set(manifest.lies.map((lie) => lie.folder)).size).toBe(manifest.lies.length);
  });

  // That each fails exactly its check, read back from the files, costs what verifying a hundred records costs: a sample of each check.
  it('is read back as it was forged: each lie fails its check and no earlier one', async () => {
    const sample = manifest.lies.filter(({ check }, i) => manifest.lies.findIndex((lie) => lie.check === check) === i);
    for (const lie of sample)
      expect([lie.lie, ...(await failedOf(lie.folder))]).toEqual([lie.lie, lie.check, ...lie.also]);
  }, 600_000);
});
