import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { exitOf } from '../../protocol/node/exit-codes.ts';
import { getBytes, getJson, postJson } from '../../client/http/ask.ts';
import { parseServerUrl } from '../../client/http/server-url.ts';
import type { ServerUrl } from '../../client/http/server-url.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server on this machine that answers as told. */
async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<ServerUrl> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return parseServerUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const answering = (status: number, type: string, body: string) =>
  serving((_request, response) => void response.writeHead(status, { 'content-type': type }).end(body));

describe('parseServerUrl', () => {
  it.each(['https://votes.example', 'https://votes.example/registrar/', 'http://localhost:8080', 'http://[::1]:1'])(
    'takes %s',
    (text) => {
      expect(parseServerUrl(text)).toBe(text.replace(/\/$/u, ''));
    },
  );
  it.each([
    ...['votes.example', 'http://votes.example', 'ftp://localhost', 'https://me:secret@votes.example'],
    ...[
      'https://votes.example/?a=b',
      'https://votes.example/#a',
      'http://localhost.example',
      'http://127.0.0.1.example',
    ],
  ])('refuses %s', (text) => {
    expect(() => parseServerUrl(text)).toThrow(code('server/url'));
  });
});

describe('asking a service', () => {
  it('sends canonical JSON and reads the answer', async () => {
    const server = await serving((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const told = {
          url: request.url,
          type: request.headers['content-type'],
          body: Buffer.concat(chunks).toString(),
        };
        response.writeHead(202, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(told));
      });
    });
    expect(await postJson(server, '/v1/registrations', { b: 1, a: 'é' })).toEqual({
      ...{ url: '/v1/registrations', type: 'application/json', body: '{"a":"é","b":1}' },
    });
  });

  it('passes on the code and sentence of a problem, without control characters', async () => {
    const detail = 'not now: \u001b[2Jwait\u202e a moment';
    const body = JSON.stringify({ type: 'urn:urna:error:state/phase', title: 'Conflict', status: 409, detail });
    const server = await answering(409, 'application/problem+json', body);
    await expect(getJson(server, '/')).rejects.toMatchObject({
      ...{ code: 'state/phase', message: 'not now:  [2Jwait  a moment' },
    });
  });

  it.each([
    [404, 'text/html', '<h1>nothing</h1>', 'server/answer'],
    [502, 'text/html', '<h1>gateway</h1>', 'server/unreachable'],
    [400, 'application/problem+json', '{"type":"urn:urna:error:Bad Code","detail":"x"}', 'server/answer'],
    [400, 'application/problem+json', '{"type":1}', 'server/answer'],
    [400, 'application/problem+json', 'nothing', 'server/answer'],
    [200, 'text/html', '{}', 'server/answer'],
    [200, 'application/json', '{"a":1,"a":2}', 'server/answer'],
    [200, 'application/json', '', 'server/answer'],
  ])('%d %s %s is %s', async (status, type, body, expected) => {
    await expect(getJson(await answering(status, type, body), '/')).rejects.toEqual(code(expected));
  });

  it('follows nobody elsewhere', async () => {
    const other = await answering(200, 'application/json', '{}');
    const server = await serving((_request, response) => void response.writeHead(307, { location: other }).end());
    await expect(postJson(server, '/', {})).rejects.toEqual(code('server/unreachable'));
  });

  it('stops reading what is too long', async () => {
    const server = await answering(200, 'application/octet-stream', 'x'.repeat(2000));
    expect(await getBytes(server, '/', { maxBytes: 2000 })).toHaveLength(2000);
    await expect(getBytes(server, '/', { maxBytes: 1999 })).rejects.toEqual(code('server/answer'));
  });

  it('gives up on silence, on a connection cut, and where nobody listens', async () => {
    const silent = await serving(() => undefined);
    await expect(getJson(silent, '/', { timeout: 50 })).rejects.toEqual(code('server/unreachable'));
    const stalled = await serving((_request, response) => void response.writeHead(200).write('{'));
    await expect(getJson(stalled, '/', { timeout: 50 })).rejects.toEqual(code('server/unreachable'));
    const cut = await serving((request) => void request.socket.destroy());
    await expect(getJson(cut, '/')).rejects.toEqual(code('server/unreachable'));
    await expect(getJson(parseServerUrl('http://127.0.0.1:9'), '/')).rejects.toEqual(code('server/unreachable'));
    expect(exitOf('server/unreachable')).toBe(5);
  });
});
