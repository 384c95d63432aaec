import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { concatBytes } from '../../../protocol/encoding.ts';
import { reopenable, streamBytes, writeFile } from '../../../protocol/node/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'urna-streams-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');
/** More than two pieces. */
const content = Uint8Array.from({ length: 600_000 }, (_, i) => (i * i) % 251);

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return concatBytes(...all);
}

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('streamBytes', () => {
  it('gives all of a file, whatever its size', async () => {
    for (const length of [0, 1, 2 ** 18, content.length]) {
      writeFileSync(path, content.subarray(0, length));
      expect(Buffer.from(await collect(streamBytes(path))).equals(content.subarray(0, length))).toBe(true);
    }
  });

  it('refuses what is no file', async () => {
    await expect(collect(streamBytes(join(folder, 'nothing')))).rejects.toEqual(code('file/missing'));
    await expect(collect(streamBytes(folder))).rejects.toEqual(code('file/unreadable'));
  });
});

describe('writeFile', () => {
  it('writes a text in pieces, all of it or nothing', async () => {
    const out = join(folder, 'pieces', 'out');
    await writeFile(out, ['é', '', 'b'.repeat(100_000), '\n']);
    expect(readFileSync(out, 'utf8')).toBe(`é${'b'.repeat(100_000)}\n`);
    const broken = async function* (): AsyncGenerator<string> {
      yield await Promise.resolve('begun');
      throw new Error('the rest cannot be made');
    };
    await expect(writeFile(out, broken(), { replace: true })).rejects.toThrow('the rest cannot be made');
    expect(readdirSync(join(folder, 'pieces'))).toEqual(['out']);
    expect(readFileSync(out, 'utf8')).toHaveLength(100_002);
  });
});

describe('reopenable', () => {
  it('gives the same file again and again', async () => {
    writeFileSync(path, content);
    const open = reopenable(path);
    for (let i = 0; i < 3; i++) expect((await collect(open())).length).toBe(content.length);
  });

  it('takes files only, for a pipe is empty the second time', async () => {
    await expect(collect(reopenable(folder)())).rejects.toEqual(code('file/unreadable'));
    await expect(collect(reopenable('/dev/null')())).rejects.toEqual(code('file/unreadable'));
    await expect(collect(reopenable(join(folder, 'nothing'))())).rejects.toEqual(code('file/missing'));
  });

  it('never gives the end of a file that was changed in between', async () => {
    writeFileSync(path, content);
    const open = reopenable(path);
    await collect(open());
    const changed = Uint8Array.from(content);
    changed[7] = 255;
    writeFileSync(path, changed);
    let given = 0;
    const again = async (): Promise<void> => {
      for await (const chunk of open()) given += chunk.length;
    };
    await expect(again()).rejects.toEqual(code('file/changed'));
    expect(given).toBeLessThan(content.length);
  });
});
