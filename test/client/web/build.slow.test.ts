import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeHex } from '../../../protocol/encoding.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { decodeWebManifest, webHash } from '../../../protocol/definition/web-hash.ts';
import { newFolder } from '../cli/urna.ts';
import { buildWeb, buildWebElsewhere } from './build.ts';

/** Bytes of all scripts together, gzip, proving artifacts aside. */
const MOST_SCRIPT = 600_000;
const first = newFolder();

beforeAll(() => buildWeb(first), 300_000);

const filesOf = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => statSync(join(folder, name)).isFile()).sort();
const read = (folder: string, name: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, name)));

describe('the web client’s build', () => {
  it('is the same, byte for byte, each time, wherever it is built', () => {
    const second = newFolder();
    buildWebElsewhere(second);
    expect(filesOf(second)).toEqual(filesOf(first));
    for (const name of filesOf(first))
      expect([name, encodeHex(sha256(read(second, name)))]).toEqual([name, encodeHex(sha256(read(first, name)))]);
  }, 300_000);

  it('is what setup.sh has built into dist/web', () => {
    const built = join(import.meta.dirname, '../../../dist/web');
    expect(webHash(read(built, 'urna-web.json'))).toBe(webHash(read(first, 'urna-web.json')));
  });

  it('is listed file by file with its SHA-256', () => {
    const listed = decodeWebManifest(read(first, 'urna-web.json'));
    const there = filesOf(first).filter((name) => name !== 'urna-web.json');
    expect([...listed.keys()].sort()).toEqual(there);
    for (const name of there) expect([name, listed.get(name)]).toEqual([name, encodeHex(sha256(read(first, name)))]);
  });

  it('has less than 600 KB of script in all', () => {
    const scripts = filesOf(first).filter((name) => name.endsWith('.js'));
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(read(first, name), { level: 9 }).length, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(MOST_SCRIPT);
  });

  it('names no other host, and has nothing inline that its policy would not run', () => {
    const pages = filesOf(first).filter((each) => each.endsWith('index.html'));
    expect(pages.length).toBeGreaterThan(2);
    for (const name of pages) {
      const page = new TextDecoder().decode(read(first, name));
      expect(page).toMatch(/<meta http-equiv="Content-Security-Policy"/u);
      expect(page).not.toMatch(/https?:\/\/(?!localhost|127\.0\.0\.1)/u);
      expect(page).not.toMatch(/<script(?![^>]*src=)|<style| on[a-z]+=/u);
    }
  });
});
