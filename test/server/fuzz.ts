import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';

/** What a fuzzed service answered. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** An OpenAPI document, as far as it is read here. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** A request to be sent as it is. */
interface Odd {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Codes of SPEC §16, a row with `…` standing for all that begin so. */
const CODES = [
  ...readFileSync(join(import.meta.dirname, '../../protocol/SPEC.md'), 'utf8').matchAll(
    /^\|(.*?)\| (?:\d+|–) \|(.*)\|$/gmu,
  ),
];
const known = new Set(
  CODES.flatMap(([, names = '']) => [...names.matchAll(/`([a-z0-9-]+\/[a-z0-9-]+)`/gu)].map(([, code = '']) => code)),
);
for (const [, names = '', meaning = ''] of CODES) {
  const [, family] = /`([a-z0-9-]+\/)…`/u.exec(names) ?? [];
  if (family !== undefined) for (const [, name = ''] of meaning.matchAll(/`([a-z0-9-]+)`/gu)) known.add(family + name);
}

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
const ODD_VALUE: fc.Arbitrary<unknown> = fc.oneof(
  ODD_TEXT,
  fc.constantFrom(null, true, -1, 0.5, 2 ** 53, 1e308, [], {}, [[[[]]]], { length: 9 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values of a schema's own shape, most of them: what its pattern says is tried to be met. */
function shaped(schema: Schema, document: Described, depth = 0): fc.Arbitrary<unknown> {
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

/** Requests to one route: path, query, headers, body and method as described, nearly so, and not at all. */
function requests(path: string, method: string, operation: Operation, document: Described): fc.Arbitrary<Odd> {
  const parameters = (operation.parameters ?? []).map(({ name, in: place, schema }) =>
    fc.tuple(fc.constant(name), fc.constant(place), fc.option(nearly(schema, document), { freq: 8 })),
  );
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

/** What is wrong with an answer, if anything is. */
function faultOf(answer: Answer): string | undefined {
  if (/\bat .+\.(?:ts|mjs|js):\d+|node_modules/u.test(answer.body)) return 'it shows a stack';
  if (answer.status < 400) return undefined;
  if (answer.body === '') return answer.status < 500 ? undefined : 'a fault without an explanation';
  if (!answer.type.startsWith('application/problem+json')) return `${answer.status} of type ${answer.type}`;
  const { type, status } = JSON.parse(answer.body) as { readonly type?: string; readonly status?: number };
  const code = type?.replace('urn:urna:error:', '') ?? '';
  if (status !== answer.status) return 'its status is not the problem’s';
  if (!known.has(code)) return `its code ${code} is not in SPEC §16`;
  return answer.status >= 500 && answer.status !== 503 ? `it answers ${answer.status} ${code}` : undefined;
}

/** Streams that never end are left after their first bytes. */
function send(address: string, { method, path, headers, body }: Odd): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${address}${path}`,
      { method, headers: { ...headers, connection: 'close' } },
      (answer) => {
        const chunks: Buffer[] = [];
        const type = String(answer.headers['content-type'] ?? '');
        const done = (): void =>
          resolve({ status: answer.statusCode ?? 0, type, body: Buffer.concat(chunks).toString('utf8') });
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (type.startsWith('text/event-stream')) {
            done();
            sent.destroy();
          }
        });
        answer.once('end', done).once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/**
 * Sends every route of a running service requests made from its own description, and asks of every answer: no fault but an honest 503,
 * always a problem with a code of SPEC §16, never a stack.
 *
 * @param address - `http://127.0.0.1:…`; the service must allow many connections
 * @param runs - requests to each route
 * @throws Error with the shortest request that shows a fault
 */
export async function fuzzRoutes(address: string, document: Described, runs: number): Promise<number> {
  let sent = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      await fc.assert(
        fc.asyncProperty(requests(path, method, operation, document), async (odd) => {
          sent += 1;
          const fault = faultOf(await send(address, odd));
          if (fault !== undefined) throw new Error(`${odd.method} ${odd.path}: ${fault}`);
        }),
        { numRuns: runs },
      );
    }
  }
  return sent;
}
