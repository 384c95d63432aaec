import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concatBytes } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { decodeRecord, encodeRecord } from '../../../protocol/record/lines.ts';
import { MAX_LINE } from '../../../protocol/record/segment.ts';
import { entries } from './sample.ts';

const file = new TextEncoder().encode([...encodeRecord(entries)].join(''));

async function collect(chunks: Iterable<Uint8Array>): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of decodeRecord(chunks)) all.push(entry);
  return all;
}

async function failure(bytes: Uint8Array): Promise<string> {
  try {
    await collect([bytes]);
  } catch (error) {
    return error instanceof UrnaError ? `${error.code} ${error.message}` : String(error);
  }
  return 'no error';
}

describe('decodeRecord', () => {
  it('reads the same entries however the file is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(file.length), { maxLength: 20 }), async (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), file.length];
        const chunks = ends.slice(1).map((end, i) => file.subarray(ends[i], end));
        expect(await collect(chunks)).toEqual(entries);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a file cut anywhere but at the end of a line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: file.length - 1 }), async (end) => {
        fc.pre(file[end - 1] !== 0x0a);
        expect(await failure(file.subarray(0, end))).toMatch(/^record\/line line \d+: cut off/);
      }),
      { numRuns: 30 },
    );
  });

  it('names the line of an entry that stands out of turn, is repeated or is missing', async () => {
    const lines = [...encodeRecord(entries)];
    const bytes = (texts: readonly (string | undefined)[]) => new TextEncoder().encode(texts.join(''));
    expect(await failure(bytes([lines[0], lines[2]]))).toBe('record/line line 2: entry 2 stands where 1 belongs');
    expect(await failure(bytes([lines[0], lines[0]]))).toBe('record/line line 2: entry 0 stands where 1 belongs');
    expect(await failure(bytes([lines[1], lines[0]]))).toBe('record/line line 1: entry 1 stands where 0 belongs');
  });

  it('refuses lines that are not canonical, not UTF-8, empty or too long', async () => {
    const encode = (text: string) => new TextEncoder().encode(text);
    const [first] = [...encodeRecord(entries)];
    expect(await failure(encode(first!.replace('{', '{ ')))).toMatch(/^record\/line line 1: .*canonical/);
    expect(await failure(encode(`\u{feff}${first}`))).toMatch(/^record\/line line 1: /);
    expect(await failure(concatBytes(file, Uint8Array.of(0xff, 0x0a)))).toMatch(/^record\/line line \d+: not UTF-8/);
    expect(await failure(concatBytes(file, Uint8Array.of(0x0a)))).toMatch(/^record\/line line \d+: not a JSON/);
    expect(await failure(new Uint8Array(MAX_LINE + 1))).toMatch(/^record\/line line 1: longer than/);
    expect(await failure(concatBytes(new Uint8Array(MAX_LINE + 1), file))).toMatch(/^record\/line line 1: longer than/);
  });

  it('reads or refuses any flipped bit, and never reads it as the same record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (index, bit) => {
        const flipped = Uint8Array.from(file);
        flipped[index] = flipped[index]! ^ (1 << bit);
        const read = await collect([flipped]).catch((error: unknown) => (error as UrnaError).code);
        expect(read === 'record/line' || JSON.stringify(read) !== JSON.stringify(entries)).toBe(true);
      }),
    );
  });
});
