import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { folderFiles } from '../../protocol/node/record-folder.ts';
import { UrnaError } from '../../protocol/errors.ts';
import { readHead, readPublished } from '../../protocol/record/files.ts';
import { recordHeadSchema } from '../../protocol/record/head.ts';
import { readSegments, readValues } from '../../protocol/record/read-record.ts';
import { longRecord } from './long-record.ts';
import { DAMAGES } from './structural.ts';

const folder = mkdtempSync(join(tmpdir(), 'urna-whole-'));
const whole = join(folder, 'whole');

beforeAll(() => longRecord(whole));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads all of a record, as a verifier does before anything else. */
async function readAll(path: string): Promise<number> {
  const files = folderFiles(path);
  const head = await readHead(files);
  let entries = 0;
  for await (const { values } of readSegments(files, head)) entries += values.length;
  for (const { name } of head.files) await readPublished(files, head, name);
  return entries;
}

describe('a whole record', () => {
  it('is read back, segment by segment, as it was written', async () => {
    const head = await readHead(folderFiles(whole));
    expect(head.segments.map(({ entries }) => entries)).toEqual([1024, 1024, 100]);
    expect(await readAll(whole)).toBe(2148);
    const values: unknown[] = [];
    for await (const value of readValues(folderFiles(whole), head)) values.push(value);
    expect(values.map((value) => (value as { seq: number }).seq)).toEqual(values.map((_, seq) => seq));
  });

  it('has a head that the schema accepts, and the schema is what the table says', async () => {
    const file = new URL('../../protocol/schemas/record-head.schema.json', import.meta.url);
    const schema = JSON.parse(readFileSync(file, 'utf8')) as object;
    expect(schema).toEqual(JSON.parse(JSON.stringify(recordHeadSchema())));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const head = await readHead(folderFiles(whole));
    expect(validate(head)).toBe(true);
    expect(validate({ ...head, version: 2 })).toBe(false);
  });
});

describe('a record that is not whole', () => {
  it.each(DAMAGES.map(({ name, code, place, damage }) => [name, code, place, damage] as const))(
    '%s: %s at %s',
    async (name, code, place, damage) => {
      const path = join(folder, name);
      cpSync(whole, path, { recursive: true });
      damage(path);
      const fault = await readAll(path).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(UrnaError);
      expect(fault).toMatchObject({ code, message: expect.stringContaining(place) });
    },
  );

  it('that inflates to a quarter of a gigabyte is refused without taking the memory', async () => {
    const bomb = DAMAGES.find(({ name }) => name === 'segment-bomb');
    const path = join(folder, 'bomb');
    cpSync(whole, path, { recursive: true });
    bomb?.damage(path);
    const before = process.memoryUsage().rss;
    await readAll(path).catch(() => undefined);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26);
  });
});
