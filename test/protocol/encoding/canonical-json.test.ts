import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalBytes,
  canonicalJson,
  decodeUtf8,
  parseCanonical,
  parseJson,
  requireFewValues,
} from '../../../protocol/canonical-json.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const vectors = JSON.parse(readFileSync('test/vectors/encoding-rfc8785.json', 'utf8')) as {
  readonly documents: readonly { readonly input: string; readonly canonical: string }[];
  readonly numbers: readonly { readonly ieee754: string; readonly text: string }[];
};

describe('canonicalJson', () => {
  it.each(vectors.documents)('writes RFC 8785 document $#', ({ input, canonical }) => {
    expect(canonicalJson(JSON.parse(input))).toBe(canonical);
    expect(parseJson(canonical)).toEqual(JSON.parse(input));
  });

  it.each(vectors.numbers)('writes number $ieee754 as $text', ({ ieee754, text }) => {
    const value = new DataView(Uint8Array.from(Buffer.from(ieee754, 'hex')).buffer).getFloat64(0);
    expect(canonicalJson(value)).toBe(text);
  });

  it('is a fixed point that keeps the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(parseCanonical(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses what JSON cannot hold exactly', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const bad of [
      undefined,
      NaN,
      Infinity,
      1n,
      Symbol('x'),
      () => 1,
      '\ud800',
      { '\udc00': 1 },
      new Date(0),
      new Map(),
    ]) {
      expect(() => canonicalJson(bad)).toThrow(code('json/value'));
      expect(() => canonicalJson([{ deep: bad }])).toThrow(code('json/value'));
    }
    expect(() => canonicalJson(cycle)).toThrow(code('json/depth'));
  });
});

describe('parseJson', () => {
  it('takes free formatting', () => {
    expect(parseJson(' { "b" : 1 ,\n"a": [ true, null ] } ')).toEqual({ a: [true, null], b: 1 });
    expect(parseJson(new TextEncoder().encode('"é"'))).toBe('é');
  });

  it('refuses repeated keys, however they are spelt', () => {
    for (const bad of ['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"x":{"a":{},"b":0,"a":[]}}]', '{"a" :1, "a"\n: 2}']) {
      expect(() => parseJson(bad)).toThrow(code('json/syntax'));
    }
    expect(parseJson('[{"a":"a","b":"a"},{"a":["a",{"a":":"}]}]')).toEqual([
      { a: 'a', b: 'a' },
      { a: ['a', { a: ':' }] },
    ]);
    expect(parseJson('{"a\\\\":1,"a":2,"\\"a":3}')).toEqual({ 'a\\': 1, a: 2, '"a': 3 });
  });

  it('refuses malformed text', () => {
    for (const bad of [
      '',
      '{',
      '{"a":1}x',
      "{'a':1}",
      '[1,]',
      'NaN',
      '01',
      '"\u0001"',
      '\ufeff1',
      '[1'.repeat(32),
      '"\\"',
      '"a',
      ']',
      '"\\\\\\"',
    ]) {
      expect(() => parseJson(bad)).toThrow(code('json/syntax'));
    }
    expect(() => parseJson(new TextEncoder().encode('\ufeff1'))).toThrow(code('json/syntax'));
    expect(() => parseJson('"\\ud800"')).toThrow(code('json/value'));
    expect(() => parseJson('1e999')).toThrow(code('json/value'));
  });

  it('refuses deep nesting without overflowing', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parseJson(nested(33))).toThrow(code('json/depth'));
    expect(() => parseJson(`[${nested(32)}]`)).toThrow(code('json/depth'));
    expect(() => parseJson('{"a":'.repeat(1e5) + '1' + '}'.repeat(1e5))).toThrow(code('json/depth'));
    expect(() => parseJson('[1'.repeat(1e5))).toThrow(code('json/depth'));
    const deepest = parseJson(`${'['.repeat(32)}1${']'.repeat(32)}`);
    expect(canonicalJson(deepest)).toHaveLength(65);
    expect(() => canonicalJson([deepest])).toThrow(code('json/depth'));
    expect(() => canonicalJson(JSON.parse(nested(33)))).toThrow(code('json/depth'));
  });

  it('does not take brackets in text for nesting', () => {
    for (const text of [
      '['.repeat(40),
      '"' + '{'.repeat(40),
      '\\"['.repeat(40),
      '\\'.repeat(3) + '"' + '['.repeat(40),
    ]) {
      expect(parseJson(JSON.stringify([text, { [text]: text }]))).toEqual([text, { [text]: text }]);
    }
    expect(() => parseJson(`["\\\\",${'['.repeat(40)}`)).toThrow(code('json/depth'));
  });

  it('refuses millions of open brackets without taking the memory for them', () => {
    const before = process.memoryUsage().rss;
    expect(() => parseJson('['.repeat(2 ** 24))).toThrow(code('json/depth'));
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26);
  });

  it('does not let __proto__ through as a prototype', () => {
    const value = parseJson('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(value['admin']).toBeUndefined();
    expect(canonicalJson(value)).toBe('{"__proto__":{"admin":true}}');
  });
});

describe('requireFewValues', () => {
  const document = (count: number): Uint8Array =>
    new TextEncoder().encode(JSON.stringify(Array(count).fill('0123456789')));

  it('refuses a document of more values than it may have', () => {
    expect(() => requireFewValues(document(1000), 1000, 'test/shape')).not.toThrow();
    expect(() => requireFewValues(document(1000), 999, 'test/shape')).toThrow(code('test/shape'));
    expect(() => requireFewValues(new TextEncoder().encode('[{},'.repeat(1000)), 2999, 'test/shape')).toThrow(
      code('test/shape'),
    );
  });
});

describe('parseCanonical', () => {
  it('refuses every other spelling of the same value', () => {
    for (const bad of ['{"b":1,"a":2}', '{ "a":1}', '{"a":1}\n', '1.0', '-0', '1e2', '"\\u0061"', '"\\/"', '[1, 2]']) {
      expect(() => parseCanonical(bad)).toThrow(code('json/canonical'));
    }
    expect(parseCanonical('{"a":[1,"\\n"]}')).toEqual({ a: [1, '\n'] });
  });
});

describe('decodeUtf8', () => {
  it('inverts UTF-8 and refuses what is not', () => {
    expect(decodeUtf8(canonicalBytes('Ж€😀'))).toBe('"Ж€😀"');
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
      expect(() => decodeUtf8(Uint8Array.from(bad))).toThrow(code('json/utf8'));
    }
  });
});
