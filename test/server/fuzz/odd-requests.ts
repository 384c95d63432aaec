import fc from 'fast-check';
import type { Odd } from './answers.ts';
import type { Described, Operation, Schema } from './described.ts';

const ODD_TEXT = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'null',
    '..',
    '../..',
    '%00',
    '\u0000',
    '0x',
    `0x${'f'.repeat(64)}`,
    `0x${'0'.repeat(64)}`,
    'NaN',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '{{7*7}}',
    "'; --",
    '\ud800',
    '\u202e',
    'x'.repeat(5_000),
    '9'.repeat(400),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
/** Of no schema, most of them. */
export const ODD_VALUE: fc.Arbitrary<unknown> = fc.oneof(
  ODD_TEXT,
  fc.constantFrom(null, true, -1, 0.5, 2 ** 53, 1e308, [], {}, [[[[]]]], { length: 9 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values of a schema's own shape, most of them: what its pattern says is tried to be met. */
export function shaped(schema: Schema, document: Described, depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const target = document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined || depth > 6 ? ODD_VALUE : shaped(target, document, depth + 1);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((each) => shaped(each, document, depth + 1)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === 'object' || schema.properties !== undefined) {
    const properties = Object.entries(schema.properties ?? {});
    return fc.record(Object.fromEntries(properties.map(([name, each]) => [name, shaped(each, document, depth + 1)])));
  }
  if (schema.type === 'array') return fc.array(shaped(schema.items ?? {}, document, depth + 1), { maxLength: 6 });
  if (schema.type === 'integer' || schema.type === 'number') {
    return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 2 ** 31 - 1, 2 ** 31 - 1) });
  }
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'string')
    return schema.pattern === undefined ? ODD_TEXT : fc.stringMatching(new RegExp(schema.pattern, 'u'));
  return ODD_VALUE;
}

/** A value of the schema, or one that is wrong in one place. */
function nearly(schema: Schema, document: Described): fc.Arbitrary<unknown> {
  const good = shaped(schema, document);
  const spoilt = fc
    .tuple(good, fc.nat(), ODD_VALUE, fc.constantFrom('drop', 'add', 'change', 'replace'))
    .map(([value, at, odd, how]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || how === 'replace') return odd;
      const names = Object.keys(value);
      const name = names[at % Math.max(1, names.length)] ?? 'a';
      if (how === 'drop') return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
      return { ...value, [how === 'add' ? `${name}x` : name]: odd };
    });
  return fc.oneof(good, spoilt);
}

/** The text of a body: of the schema, nearly, or no JSON at all. */
function bodyText(schema: Schema, document: Described): fc.Arbitrary<string> {
  const json = nearly(schema, document).map((value) => JSON.stringify(value) ?? '');
  const broken = fc.tuple(json, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)));
  const twice = json.map((text) => text.replace(/^\{("[^"]*":)/u, '{$1 1,$1'));
  return fc.oneof(
    { arbitrary: json, weight: 5 },
    { arbitrary: fc.oneof(broken, twice, ODD_TEXT, fc.constant(`${'['.repeat(200)}${']'.repeat(200)}`)), weight: 2 },
  );
}

/** Values of parameters that lead to something, by the parameter's name. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** Requests to one route: path, query, headers, body and method as described, nearly so, and not at all. @param names - that are tried beside others */
export function requests(
  path: string,
  method: string,
  operation: Operation,
  document: Described,
  names: Known,
): fc.Arbitrary<Odd> {
  const parameters = (operation.parameters ?? []).map(({ name, in: place, schema }) => {
    const own = names[name] ?? [];
    const values = nearly(schema, document);
    const some = own.length === 0 ? values : fc.oneof(values, fc.constantFrom(...own));
    return fc.tuple(fc.constant(name), fc.constant(place), fc.option(some, { freq: 8 }));
  });
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body =
    schema === undefined
      ? fc.option(fc.constantFrom('{}', 'x', '[]'))
      : fc.option(bodyText(schema, document), { freq: 20 });
  const kinds = fc.oneof(
    { arbitrary: fc.constant('application/json'), weight: 8 },
    {
      arbitrary: fc.constantFrom(
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'application/json; charset=utf-7',
        '',
        'a/b/c',
      ),
      weight: 1,
    },
  );
  const methods = fc.oneof(
    { arbitrary: fc.constant(method.toUpperCase()), weight: 9 },
    { arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'), weight: 1 },
  );
  return fc
    .record({ given: fc.tuple(...parameters), body, kind: kinds, method: methods })
    .map(({ given, body: text, kind, method: verb }) => {
      const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
      const of = (place: string): [string, string][] =>
        given
          .filter(([, each, value]) => each === place && value !== null)
          .map(([name, , value]) => [name, textOf(value)]);
      const filled = of('path').reduce((whole, [name, value]) => whole.replace(`{${name}}`, encode(value)), path);
      const query = of('query')
        .map(([name, value]) => `${name}=${encode(value)}`)
        .join('&');
      const extra = of('header').filter(([, value]) => /^[\x20-\x7e]*$/u.test(value));
      const hasBody = text !== null && verb !== 'HEAD' && verb !== 'TRACE';
      const headers = { ...Object.fromEntries(extra), ...(hasBody && kind !== '' ? { 'content-type': kind } : {}) };
      return {
        method: verb,
        path: query === '' ? filled : `${filled}?${query}`,
        headers,
        body: hasBody ? text : undefined,
      };
    });
}

function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?')).slice(0, 8_000);
}
