import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { UrnaError } from '../../../protocol/errors.ts';
import type { App } from '../../../server/frame/app.ts';
import { createApp } from '../../../server/frame/app.ts';

const SECRET = '0xfeedfacefeedfacefeedface';
const lines: string[] = [];
let app: App;
let base: string;

beforeAll(async () => {
  app = await createApp({
    ...{
      name: 'test',
      description: 'a service',
      origins: ['https://vote.example'],
      bodyLimit: 1000,
      connectionRate: 50,
    },
    health: () => Promise.resolve({ store: true }),
    logTo: { write: (line) => void lines.push(line) },
  });
  const body = {
    ...{ type: 'object', required: ['a'], additionalProperties: false },
    properties: { a: { type: 'integer' } },
  } as const;
  app.server.post('/v1/things/:key', { schema: { body, response: { default: { $ref: 'problem#' } } } }, async () => {
    throw new Error(`a fault that quotes ${SECRET}`);
  });
  app.server.get('/v1/busy', async () => {
    throw new UrnaError('busy/store', 'the store is away: try again');
  });
  base = await app.server.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
});
afterAll(() => app.server.close());

const JSON_TYPE = { 'content-type': 'application/json' };

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = JSON_TYPE): Promise<Response> {
  return fetch(`${base}/v1/things/${SECRET}`, { method: 'POST', body, headers });
}

async function codeOf(asked: Promise<Response>): Promise<string> {
  const answer = await asked;
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await answer.json()) as { type: string; status: number };
  expect(problem.status).toBe(answer.status);
  return `${answer.status} ${problem.type.replace('urn:urna:error:', '')}`;
}

describe('createApp', () => {
  it.each([
    ['a wrong type', '{"a":"1"}', '400 request/schema'],
    ['an unknown member', '{"a":1,"b":2}', '400 request/schema'],
    ['a key twice', '{"a":1,"a":2}', '400 json/syntax'],
    ['deep nesting', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`, '400 json/depth'],
    ['no JSON', '{', '400 json/syntax'],
    ['bytes that are no UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d]), '400 json/utf8'],
    ['nothing', '', '400 request/schema'],
    ['a body too large', 'x'.repeat(1001), '413 request/too-large'],
  ])('refuses %s', async (_, payload, code) => {
    expect(await codeOf(post(payload))).toBe(code);
  });

  it('refuses another media type, an unknown address and a path that cannot be read', async () => {
    expect(await codeOf(post('a=1', { 'content-type': 'application/x-www-form-urlencoded' }))).toBe(
      '415 request/media-type',
    );
    expect(await codeOf(fetch(`${base}/nowhere`))).toBe('404 request/not-found');
    expect(await codeOf(fetch(`${base}/v1/%zz`))).toBe('400 request/malformed');
  });

  it('says nothing of a fault of its own, neither to the client nor in the log', async () => {
    const answer = await post('{"a":1}');
    expect(await answer.clone().text()).not.toContain(SECRET);
    expect(await codeOf(Promise.resolve(answer))).toBe('500 internal/unexpected');
    expect(lines.join('')).toContain('/v1/things/:key');
    expect(lines.join('')).not.toContain(SECRET);
    expect(lines.join('')).not.toMatch(/127\.0\.0\.1|remoteAddress/u);
  });

  it('tells when to come back where it is busy', async () => {
    const answer = await fetch(`${base}/v1/busy`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('lets only listed origins in, and no page be made of it', async () => {
    const from = async (origin: string, name: string): Promise<string | null> => {
      const { headers } = await fetch(`${base}/v1/healthz`, { headers: { origin } });
      return headers.get(name);
    };
    expect(await from('https://vote.example', 'access-control-allow-origin')).toBe('https://vote.example');
    expect(await from('https://evil.example', 'access-control-allow-origin')).toBeNull();
    expect(await from('https://evil.example', 'content-security-policy')).toContain("default-src 'none'");
  });

  it('describes itself in valid OpenAPI, and its measures in Prometheus’ form', async () => {
    const document = (await (await fetch(`${base}/v1/openapi.json`)).json()) as Record<string, unknown>;
    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
    expect(await (await fetch(`${base}/v1/metrics`)).text()).toContain('urna_http_request_seconds_count');
  });
});

describe('limitConnections', () => {
  it('slows one connection down and keeps nothing of it for the next', async () => {
    const { port } = new URL(base);
    expect(await statuses(Number(port), 260)).toContain(429);
    expect(await statuses(Number(port), 5)).toEqual([200, 200, 200, 200, 200]);
  });
});

/** Statuses of `count` requests sent at once on one connection. */
function statuses(port: number, count: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.once('error', reject).on('data', (chunk) => {
      said += chunk.toString('latin1');
      const found = [...said.matchAll(/HTTP\/1\.1 (\d{3}) /gu)].map(([, status]) => Number(status));
      if (found.length < count) return;
      socket.destroy();
      resolve(found);
    });
    socket.write('GET /v1/healthz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(count));
  });
}
