import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts, readVerifyingArtifacts } from '../../circuits/artifacts.ts';

const committed = join(import.meta.dirname, '../../circuits/artifacts');
const scratch = mkdtempSync(join(tmpdir(), 'urna-artifacts-'));
const file = (name: string): string => join(scratch, 'ballot-2', name);
const code = (value: string): unknown => expect.objectContaining({ code: value });

beforeEach(() => {
  rmSync(join(scratch, 'ballot-2'), { recursive: true, force: true });
  mkdirSync(join(scratch, 'ballot-2'));
  cpSync(join(committed, 'ballot-2'), join(scratch, 'ballot-2'), { recursive: true });
});

afterAll(() => rmSync(scratch, { recursive: true }));

describe('readVerifyingArtifacts', () => {
  it('reads the committed circuits', () => {
    const names = ['ballot-2', 'ballot-8', 'ballot-16'];
    const lanes = names.map((name) => readProvingArtifacts(committed, name, 'development').lanes);
    expect(lanes).toEqual([1, 4, 8]);
  });

  it.each(['rehearsal', 'binding'] as const)('refuses development keys for a %s election', (environment) => {
    expect(() => readVerifyingArtifacts(committed, 'ballot-2', environment)).toThrow(code('artifacts/insecure'));
  });

  it.each(['ballot-3', '../ballot-2', 'ballot-32'])('refuses %s, which is not installed', (name) => {
    expect(() => readVerifyingArtifacts(committed, name, 'development')).toThrow(code('artifacts/missing'));
  });

  it('refuses a key that was exchanged', () => {
    const key = readFileSync(file('vkey.json'), 'utf8');
    writeFileSync(file('vkey.json'), key.replace('"nPublic": 26', '"nPublic": 25'));
    expect(() => readVerifyingArtifacts(scratch, 'ballot-2', 'development')).toThrow(code('artifacts/hash'));
  });

  it('refuses another circuit’s manifest, and one that is none', () => {
    writeFileSync(file('manifest.json'), readFileSync(join(committed, 'ballot-8/manifest.json')));
    expect(() => readVerifyingArtifacts(scratch, 'ballot-2', 'development')).toThrow(code('artifacts/manifest'));
    const honest = JSON.parse(readFileSync(join(committed, 'ballot-2/manifest.json'), 'utf8')) as object;
    const changes = [{ contributions: ['one'] }, { beacon: 'fixed' }, { beacon: undefined }, { ptau: [] }];
    const changed = changes.map((change) => JSON.stringify({ ...honest, ...change }));
    for (const text of ['[]', 'null', '{"circuit":"ballot-2"}', ...changed]) {
      writeFileSync(file('manifest.json'), text);
      expect(() => readVerifyingArtifacts(scratch, 'ballot-2', 'development')).toThrow(code('artifacts/manifest'));
    }
  });
});

describe('readProvingArtifacts', () => {
  it.each(['ballot.wasm', 'ballot.zkey'])('refuses a %s with one bit changed', (name) => {
    const bytes = readFileSync(file(name));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file(name), bytes);
    expect(() => readProvingArtifacts(scratch, 'ballot-2', 'development')).toThrow(code('artifacts/hash'));
  });

  it('refuses a folder without proving key', () => {
    rmSync(file('ballot.zkey'));
    expect(() => readProvingArtifacts(scratch, 'ballot-2', 'development')).toThrow(code('artifacts/missing'));
  });
});
