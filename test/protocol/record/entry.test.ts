import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { decodeEntry, decodeEntryLine, encodeEntryLine } from '../../../protocol/record/entry.ts';
import { recordEntrySchema } from '../../../protocol/record/schema.ts';
import { entries } from './sample.ts';

const validate = new Ajv2020({ strict: false }).compile(recordEntrySchema());

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

type Mutable = Record<string, unknown>;

/** Every path to a value inside a JSON document. */
function paths(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...at, key]))];
}

function withChange(value: unknown, path: readonly (string | number)[], change: (old: unknown) => unknown): unknown {
  const copy = structuredClone({ root: value }) as Mutable;
  let parent = copy;
  const steps = ['root', ...path];
  for (const step of steps.slice(0, -1)) parent = parent[step] as Mutable;
  const last = steps.at(-1) as string;
  parent[last] = change(parent[last]);
  return copy['root'];
}

describe('decodeEntry', () => {
  it('reads every kind back as it was written', () => {
    for (const entry of entries) {
      expect(decodeEntryLine(encodeEntryLine(entry))).toEqual(entry);
    }
  });

  it('has a sample of every kind that the schema accepts', () => {
    for (const entry of entries)
      expect([entry.kind, validate(entry), validate.errors]).toEqual([entry.kind, true, null]);
    expect(new Set(entries.map(({ kind }) => kind)).size).toBe((recordEntrySchema()['oneOf'] as unknown[]).length);
  });

  it('refuses an unknown kind', () => {
    const [first] = entries;
    for (const kind of ['ballot', 'toString', '__proto__', 7, null]) {
      expect(codeOf(() => decodeEntry({ ...first, kind }))).toBe('record/kind');
    }
  });

  it('refuses unknown and missing members at every depth', () => {
    for (const entry of entries) {
      for (const path of paths(entry)) {
        const grown = withChange(entry, path, (old) =>
          typeof old === 'object' && old !== null && !Array.isArray(old) ? { ...old, extra: 1 } : undefined,
        );
        expect(['record/shape', 'record/kind']).toContain(codeOf(() => decodeEntry(grown)));
        expect(validate(grown)).toBe(false);
      }
    }
  });

  it('refuses what is not exactly in its encoding', () => {
    const wrong = [-1, 0.5, 2 ** 53, '0x', '0xA0', `0x${'0'.repeat(63)}`, `0x${'0'.repeat(67)}`, true, {}, [[]], '1'];
    for (const entry of entries) {
      for (const path of paths(entry.data).filter(({ length }) => length > 0)) {
        for (const value of wrong) {
          const changed = withChange(entry.data, path, () => value);
          // `0x` is right where any bytes are; the decoder and the schema must agree in any case.
          const refused = codeOf(() => decodeEntry({ ...entry, data: changed }));
          expect(refused === undefined).toBe(validate({ ...entry, data: changed }));
          if (value !== '0x') expect(refused).toBe('record/shape');
        }
      }
    }
  });

  it('never throws anything but UrnaError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(codeOf(() => decodeEntryLine(canonicalJson(JSON.parse(text))))).toMatch(/^(record|json)\//);
      }),
    );
  });
});

describe('schema file', () => {
  it('is what the table of kinds says', () => {
    const file = new URL('../../../protocol/schemas/record-entry.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(recordEntrySchema())));
  });
});
