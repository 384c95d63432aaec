import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { gunzipSync, gzipSync } from 'node:zlib';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { compress, decompress } from '../../../protocol/node/gzip.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { startHash } from '../../../protocol/record/chain-hash.ts';
import { readHead } from '../../../protocol/record/files.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { readValues } from '../../../protocol/record/read-record.ts';
import { encodeHex } from '../../../protocol/encoding.ts';

const root = mkdtempSync(join(tmpdir(), 'urna-writer-'));
const HASH = `0x${'5e'.repeat(32)}` as const;
const ADDRESS = `0x${'ab'.repeat(20)}` as const;
let folders = 0;

afterAll(() => rmSync(root, { recursive: true }));

const newFolder = (): string => join(root, `record-${folders++}`);
const line = (seq: number, text = ''): Uint8Array => canonicalBytes({ seq, text });

async function write(
  lines: readonly Uint8Array[],
  folder = newFolder(),
): Promise<{ folder: string; head: RecordHead }> {
  const writer = new RecordWriter(folder, HASH);
  for (const each of lines) await writer.append(each);
  return { folder, head: await writer.finish(1, ADDRESS, []) };
}

const lines = (count: number, text = ''): Uint8Array[] => Array.from({ length: count }, (_, i) => line(i, text));

describe('RecordWriter', () => {
  it('writes a record without entries, whose hash is h_0', async () => {
    const { head, folder } = await write([]);
    expect(head).toMatchObject({ entries: 0, segments: [], hash: encodeHex(startHash(HASH)) });
    expect(await readHead(folderFiles(folder))).toEqual(head);
  });

  it('ends a segment after 1,024 entries, or with the entry that makes it 4 MiB', async () => {
    expect((await write(lines(1024))).head.segments.map(({ entries }) => entries)).toEqual([1024]);
    expect((await write(lines(1025))).head.segments.map(({ entries }) => entries)).toEqual([1024, 1]);
    const long = lines(10, 'x'.repeat(2 ** 20 - 100));
    expect((await write(long)).head.segments.map(({ entries }) => entries)).toEqual([5, 5]);
  });

  it.each([[0], [1], [1023], [1024], [1025], [2048], [2100]])(
    'cut back to %d entries and filled again, it is what it would have been',
    async (keep) => {
      const folder = newFolder();
      const writer = new RecordWriter(folder, HASH);
      for (const each of lines(2100, 'given up')) await writer.append(each);
      await writer.keep(keep);
      expect(writer.entries).toBe(keep);
      const kept = lines(2100, 'given up').slice(0, keep);
      const rest = lines(2200, 'another').slice(keep);
      for (const each of rest) await writer.append(each);
      const head = await writer.finish(1, ADDRESS, []);
      expect(head).toEqual((await write([...kept, ...rest])).head);
      let read = 0;
      for await (const value of readValues(folderFiles(folder), head)) expect(value).toMatchObject({ seq: read++ });
      expect(read).toBe(2200);
    },
  );

  it.each([[10], [1024], [1500]])('goes on where a record of %d entries ends', async (count) => {
    const { folder, head } = await write(lines(count));
    const writer = await RecordWriter.resume(folder, head);
    for (const each of lines(1600).slice(count)) await writer.append(each);
    expect(await writer.finish(1, ADDRESS, [])).toEqual((await write(lines(1600))).head);
    expect(readdirSync(join(folder, 'segments'))).toEqual(['000000.jsonl.gz', '000001.jsonl.gz']);
  });

  it('copies a published file with its length and hash', async () => {
    const writer = new RecordWriter(newFolder(), HASH);
    const { bytes, sha256 } = await writer.publish('election.json', readFileSync('package.json'));
    expect(await writer.copy('election.json', 'package.json')).toEqual({ name: 'election.json', bytes, sha256 });
  });
});

describe('decompress', () => {
  const content = canonicalBytes({ text: 'vote '.repeat(1000) });

  it('reads what other tools write, with a name in the header', () => {
    const plain = gzipSync(content);
    const named = Buffer.concat([
      plain.subarray(0, 3),
      Buffer.from([8]),
      plain.subarray(4, 10),
      Buffer.from('a\0'),
      plain.subarray(10),
    ]);
    expect(gunzipSync(named).equals(Buffer.from(content))).toBe(true);
    expect(decompress(named, content.length)).toEqual(content);
    expect(decompress(compress(content), content.length)).toEqual(content);
  });

  it('takes any flipped bit outside the header for damage, and never for the content', () => {
    const file = compress(content);
    for (let bit = 8 * 10; bit < 8 * file.length; bit++) {
      const flipped = Uint8Array.from(file);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(['damaged', 'longer']).toContain(decompress(flipped, content.length));
    }
  });

  it('stops at the limit', () => {
    expect(decompress(compress(content), content.length - 1)).toBe('longer');
    expect(decompress(gzipSync(Buffer.alloc(2 ** 24)), 10)).toBe('longer');
  });
});
