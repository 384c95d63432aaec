import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clearLeftovers } from '../../../server/frame/leftovers.ts';

const NOW = 1_800_000_000_000;

describe('clearLeftovers', () => {
  it('removes what nobody has added to for ten minutes, and neither whole files nor what is being written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'urna-leftovers-'));
    const put = (name: string, minutes: number): void => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, 'x');
      utimesSync(path, (NOW - 60_000 * minutes) / 1000, (NOW - 60_000 * minutes) / 1000);
    };
    const hex = '0123456789abcdef';
    put(`registrations-1.jsonl.${hex}.part`, 11);
    put(`registrations-2.jsonl.${hex}.part`, 9);
    put('registrations-1.jsonl', 90);
    put('version-1.json', 90);
    put(`.${hex}.tmp`, 11);
    put(`tiles/1/0/0/.${hex}.tmp`, 11);
    put(`tiles/1/0/0/.${hex.replace('0', 'f')}.tmp`, 9);
    put('tiles/1/0/0/0', 90);
    put('own.part', 90);
    expect(await clearLeftovers(folder, NOW)).toBe(3);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    expect(files.map(({ name }) => name).sort()).toEqual([
      `.${hex.replace('0', 'f')}.tmp`,
      '0',
      'own.part',
      'registrations-1.jsonl',
      `registrations-2.jsonl.${hex}.part`,
      'version-1.json',
    ]);
    expect(await clearLeftovers(folder, NOW)).toBe(0);
    rmSync(folder, { recursive: true });
    expect(await clearLeftovers(folder, NOW)).toBe(0);
  });
});
