import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Json } from '../../../protocol/canonical-json.ts';
import { findProblems } from '../../../protocol/definition/decode.ts';
import { changed, exampleDefinition } from './example.ts';
import type { Draft } from './example.ts';

const schema = JSON.parse(readFileSync('protocol/schemas/definition.schema.json', 'utf8')) as object;
const validate = new Ajv2020({ strict: true, strictRequired: true }).compile(schema);
const shaped = (value: Json): boolean => !findProblems(value).some(({ code }) => code === 'definition/shape');

/** Paths of all members and items, e.g. `contests.0.units.1.mergeInto`. */
function pathsOf(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  const below = Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return path.length === 0 ? below : [path.join('.'), ...below];
}

const paths = pathsOf(exampleDefinition());
const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  true,
  '',
  'slug',
  'Not a slug',
  'a\n',
  ' ',
  'Заголовок',
  'tab\there',
  -1,
  0,
  1,
  4,
  65,
  1.5,
  2 ** 20,
  2 ** 20 + 1,
  2 ** 53,
  1e300,
  [],
  {},
  [1],
  ['a'],
  [[]],
  { en: 'a', fr: 'b', ru: 'c' },
  { en: 'a' },
  `0x${'0'.repeat(40)}`,
  `0x${'1'.repeat(40)}`,
  `0x${'a'.repeat(64)}`,
  `0x${'A'.repeat(64)}`,
  'x'.repeat(200),
  'x'.repeat(201),
  '😀'.repeat(200),
  Array.from({ length: 33 }, (_, i) => `s-${i}`),
);

describe('definition.schema.json', () => {
  it('accepts the example', () => {
    expect(validate(exampleDefinition())).toBe(true);
  });

  it('agrees with the decoder on every member replaced by something odd', () => {
    const verdicts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...paths), odd, (path, value) => {
        const draft = changed(path, value);
        expect([path, value, validate(draft)]).toEqual([path, value, shaped(draft)]);
        verdicts[shaped(draft) ? 'accepted' : 'refused'] += 1;
      }),
      { numRuns: 1500 },
    );
    expect(verdicts.accepted).toBeGreaterThan(20);
    expect(verdicts.refused).toBeGreaterThan(500);
  });

  it('agrees with the decoder on unknown members anywhere', () => {
    for (const path of paths) {
      const draft = exampleDefinition();
      const place = path.split('.').reduce<unknown>((value, name) => (value as Draft)[name], draft);
      if (typeof place !== 'object' || place === null || Array.isArray(place)) continue;
      (place as Draft)['surprise'] = [1, 2, 3];
      expect([path, validate(draft)]).toEqual([path, shaped(draft as Json)]);
    }
  });
});
