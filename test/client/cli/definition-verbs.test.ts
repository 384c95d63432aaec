import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { smallDefinition } from './definition.ts';
import { newFolder, put, urna, verdict } from './urna.ts';

const small = smallDefinition();
const text = new TextDecoder().decode(small.bytes);

describe('urna election check', () => {
  const check = async (content: string | Uint8Array): Promise<{ exit: number; code: string | undefined }> => {
    const folder = newFolder();
    put(folder, 'election.json', content);
    return verdict(folder, 'election', 'check', '--definition', 'election.json');
  };

  it('tells the hash of a canonical definition', async () => {
    const folder = newFolder();
    put(folder, 'election.json', small.bytes);
    const { status, answer } = await urna(folder, ['election', 'check', '--definition', 'election.json', '--json']);
    expect(status).toBe(0);
    expect(answer?.data).toMatchObject({ hash: small.hash, voters: 6, districts: 3, contests: 3, polls: 5, units: 5 });
  });

  it('refuses everything else with a code of its own', async () => {
    expect(await check('')).toEqual({ exit: 3, code: 'json/syntax' });
    expect(await check(`${text}\n`)).toEqual({ exit: 3, code: 'json/canonical' });
    expect(await check(`\uFEFF${text}`)).toEqual({ exit: 3, code: 'json/syntax' });
    expect(await check(Uint8Array.of(0xff, 0xfe, 0x00))).toEqual({ exit: 3, code: 'json/utf8' });
    expect(await check(`${'['.repeat(40)}${']'.repeat(40)}`)).toEqual({ exit: 3, code: 'json/depth' });
    expect(await check('x'.repeat(2 ** 22 + 1))).toEqual({ exit: 3, code: 'file/too-large' });
    expect(await check(text.replace('"quorum":2', '"quorum":9'))).toEqual({ exit: 3, code: 'definition/invalid' });
  });

  it('names every problem with its place', async () => {
    const folder = newFolder();
    const wrong = text.replace('"quorum":2', '"quorum":9').replace('"threshold":3', '"threshold":8');
    put(folder, 'election.json', wrong);
    const { answer } = await urna(folder, ['election', 'check', '--definition', 'election.json', '--json']);
    expect(String(answer?.data['message'])).toContain('$.officers');
    expect(String(answer?.data['message'])).toContain('$.trustees');
  });
});

describe('urna election new', () => {
  it('writes the canonical form of a draft, with the setup hash of the installed circuits, and never over a file', async () => {
    const folder = newFolder();
    const whole = JSON.parse(text) as Record<string, unknown>;
    const draft = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== 'setupHash'));
    put(folder, 'draft.json', JSON.stringify(draft, null, 4));
    const words = ['election', 'new', '--draft', 'draft.json', '--out', 'election.json'];
    expect(await verdict(folder, ...words)).toEqual({ exit: 0, code: 'ok' });
    const made = JSON.parse(readFileSync(join(folder, 'election.json'), 'utf8')) as Record<string, unknown>;
    expect(made['setupHash']).toMatch(/^0x(?!0{64})[0-9a-f]{64}$/u);
    expect(await verdict(folder, ...words)).toEqual({ exit: 3, code: 'file/exists' });
  });
});
