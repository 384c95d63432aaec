import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findLeaks } from './canaries.ts';
import type { RecordingProxy } from './recording-proxy.ts';
import { startRecording } from './recording-proxy.ts';

const SECRET = Buffer.from('a secret that nobody but its owner may see');
const CANARIES = [{ name: 'secret', bytes: SECRET }];
/** In hexadecimal digits and behind so much else that no compression leaves it as it was. */
const PAGE = Buffer.from(`${'0123456789abcdef '.repeat(400)}${SECRET.toString('hex')}${'fedcba '.repeat(400)}`);
const PACKED: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(PAGE),
  deflate: deflateSync(PAGE),
  br: brotliCompressSync(PAGE),
};

let server: Server;
let proxies: RecordingProxy[];
beforeAll(async () => {
  proxies = [];
  server = createServer((request, answer) => {
    const [, encoding = '', how] = (request.url ?? '').split('/');
    const body = PACKED[encoding] ?? Buffer.from('nothing');
    if (encoding !== 'plain') answer.setHeader('content-encoding', encoding);
    if (how === 'whole') return void answer.setHeader('content-length', body.length).end(body);
    // In chunks of a few bytes, so that none holds more than a part.
    for (let at = 0; at < body.length; at += 7) answer.write(body.subarray(at, at + 7));
    answer.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  for (const proxy of proxies) proxy.stop();
  server.closeAllConnections();
  server.close();
});

async function recorded(...paths: readonly string[]): Promise<RecordingProxy> {
  const proxy = await startRecording(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  proxies.push(proxy);
  // One after the other: they share a connection.
  for (const path of paths) await (await fetch(`${proxy.url}${path}`)).arrayBuffer().catch(() => undefined);
  return proxy;
}

describe('what a recording proxy shows of its traffic', () => {
  it.each(Object.keys(PACKED))(
    'is what bodies hold that are compressed by %s, sent whole or in chunks',
    async (encoding) => {
      for (const how of ['whole', 'chunks']) {
        const traffic = (await recorded('/plain/whole', `/${encoding}/${how}`, '/plain/chunks')).traffic();
        expect(findLeaks({ traffic }, CANARIES)).toEqual(['traffic: secret']);
      }
      expect(findLeaks({ packed: PACKED[encoding]! }, CANARIES)).toEqual([]);
    },
  );

  it('is nothing where nothing of the kind was sent', async () => {
    expect(findLeaks({ traffic: (await recorded('/plain/whole')).traffic() }, CANARIES)).toEqual([]);
  });

  it('cannot be asked for where there is a body that nobody could look into', async () => {
    const proxy = await recorded('/zstd/whole');
    expect(() => proxy.traffic()).toThrow('zstd');
  });
});
