import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import {
  decodeDefinition,
  definitionHash,
  encodeDefinition,
  findProblems,
  readDefinition,
} from '../../../protocol/definition/decode.ts';
import { polls, units, votersOf } from '../../../protocol/definition/polls.ts';
import { at } from '../../../protocol/errors.ts';
import { changed, exampleDefinition } from './example.ts';

const vector = JSON.parse(readFileSync('test/vectors/definition.json', 'utf8')) as {
  readonly canonical: string;
  readonly hash: string;
};
const bytes = new TextEncoder().encode(vector.canonical);
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('decodeDefinition', () => {
  it('reads the published definition, and hashes its canonical bytes', () => {
    const definition = decodeDefinition(bytes);
    expect(definition).toEqual(exampleDefinition());
    expect(definitionHash(definition)).toBe(vector.hash);
    expect(encodeDefinition(definition)).toEqual(bytes);
  });

  it('refuses every other form of the same definition', () => {
    const pretty = new TextEncoder().encode(JSON.stringify(exampleDefinition(), null, 2));
    const trailing = new TextEncoder().encode(`${vector.canonical}\n`);
    for (const bad of [pretty, trailing]) expect(() => decodeDefinition(bad)).toThrow(code('json/canonical'));
    const marked = new TextEncoder().encode(`\ufeff${vector.canonical}`);
    expect(() => decodeDefinition(marked)).toThrow(code('json/syntax'));
  });

  it('gives another hash or none for every flipped bit', () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 37) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      let hash = 'refused';
      try {
        hash = definitionHash(decodeDefinition(flipped));
      } catch (error) {
        expect(error).toMatchObject({ name: 'UrnaError' });
      }
      expect(hash).not.toBe(vector.hash);
    }
  });

  it('names every problem with path and code, one a line', () => {
    const draft = changed('boxes', [], changed('times.opensAt', 'noon', changed('id', 'No!')) as never);
    const attempt = (): unknown => readDefinition(draft);
    expect(attempt).toThrow(code('definition/invalid'));
    for (const path of ['$.id must', '$.times.opensAt must', '$.boxes must']) expect(attempt).toThrow(path);
    expect(() => decodeDefinition(canonicalBytes(draft))).toThrow(code('definition/invalid'));
  });
});

interface Case {
  readonly path: string;
  readonly value: unknown;
  readonly at: string;
}
const shapes: readonly Case[] = [
  { path: 'version', value: 2, at: '$.version' },
  { path: 'id', value: 'Ünit', at: '$.id' },
  { path: 'id', value: 'a'.repeat(33), at: '$.id' },
  { path: 'id', value: 'two\nlines', at: '$.id' },
  { path: 'id', value: 'line\n', at: '$.id' },
  { path: 'environment', value: 'production', at: '$.environment' },
  { path: 'title.ru', value: undefined, at: '$.title.ru' },
  { path: 'title.de', value: 'Wahl', at: '$.title["de"]' },
  { path: 'title.fr', value: '   ', at: '$.title.fr' },
  { path: 'title.fr', value: 'a\u202eb', at: '$.title.fr' },
  { path: 'title.fr', value: 'bell\u0007', at: '$.title.fr' },
  { path: 'chain.id', value: 1.5, at: '$.chain.id' },
  { path: 'chain.id', value: 2 ** 53, at: '$.chain.id' },
  { path: 'chain.profile', value: 'mainnet', at: '$.chain.profile' },
  { path: 'times.graceSeconds', value: 0, at: '$.times.graceSeconds' },
  { path: 'times.closesAt', value: -1, at: '$.times.closesAt' },
  { path: 'registrar', value: `0x${'0'.repeat(40)}`, at: '$.registrar' },
  { path: 'registrar', value: `0x${'A'.repeat(40)}`, at: '$.registrar' },
  { path: 'officers.keys', value: [], at: '$.officers.keys' },
  { path: 'officers.quorum', value: 0, at: '$.officers.quorum' },
  { path: 'maskRounds', value: 65, at: '$.maskRounds' },
  { path: 'districts.0.voters', value: 2 ** 20 + 1, at: '$.districts[0].voters' },
  { path: 'districts.0.voters', value: 0, at: '$.districts[0].voters' },
  { path: 'contests.0.options', value: [], at: '$.contests[0].options' },
  { path: 'contests.0.params.blank', value: 'yes', at: '$.contests[0].params["blank"]' },
  { path: 'contests.0.params.Blank', value: true, at: '$.contests[0].params["Blank"]' },
  { path: 'contests.0.units.1.mergeInto', value: undefined, at: '$.contests[0].units[1].mergeInto' },
  { path: 'contests.0.onSmall', value: 'hide', at: '$.contests[0].onSmall' },
  { path: 'setupHash', value: '0x00', at: '$.setupHash' },
  { path: 'contests', value: null, at: '$.contests' },
  { path: 'contests', value: { 0: {} }, at: '$.contests' },
  { path: '__proto__x', value: 1, at: '$["__proto__x"]' },
];

describe('findProblems', () => {
  it('finds none in the example', () => {
    expect(findProblems(exampleDefinition() as Json)).toEqual([]);
  });

  it.each(shapes)('finds the shape of $path wrong: $value', ({ path, value, at: place }) => {
    const problems = findProblems(changed(path, value));
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual([['definition/shape', place]]);
  });

  it('finds what is no object at all', () => {
    for (const value of [null, [], 'x', 7])
      expect(findProblems(value)).toMatchObject([{ code: 'definition/shape', path: '$' }]);
  });

  it('requires every member', () => {
    for (const member of Object.keys(exampleDefinition())) {
      expect(findProblems(changed(member, undefined))).toMatchObject([
        { code: 'definition/shape', path: `$.${member}`, message: 'is missing' },
      ]);
    }
  });
});

describe('polls', () => {
  it('numbers polls and units in the definition’s order', () => {
    const definition = decodeDefinition(bytes);
    expect(polls(definition)).toEqual([
      { index: 0, contest: 0, district: 1, unit: 0 },
      { index: 1, contest: 0, district: 0, unit: 0 },
      { index: 2, contest: 0, district: 2, unit: 1 },
      { index: 3, contest: 1, district: 0, unit: 2 },
    ]);
    expect(units(definition)).toEqual([
      { index: 0, contest: 0, id: 'mainland', districts: [1, 0], mergeInto: null },
      { index: 1, contest: 0, id: 'isle', districts: [2], mergeInto: 0 },
      { index: 2, contest: 1, id: 'north', districts: [0], mergeInto: null },
    ]);
    expect(definition.contests.map((contest) => votersOf(definition, contest))).toEqual([220, 120]);
  });

  it('refuses references that lead nowhere', () => {
    const definition = decodeDefinition(bytes);
    expect(() => units({ ...definition, districts: [at(definition.districts, 0)] })).toThrow(
      code('definition/reference'),
    );
  });
});
