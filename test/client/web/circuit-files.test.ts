import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import type { ServerUrl } from '../../../client/http/server-url.ts';
import { fetchCircuit } from '../../../client/web/voter/ballot/circuit-files.ts';
import { setupHash } from '../../../protocol/checks/setup-hash.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { sha256 } from '../../../protocol/hash.ts';

const FOLDER = join(import.meta.dirname, '../../../circuits/artifacts/ballot-2');
/** Files of a few parts, which is enough: nothing is proved here. */
const files = [new Uint8Array(100_000).fill(1), new Uint8Array(2 ** 21 + 5).fill(2)] as const;
const [wasmHash, zkeyHash] = files.map((bytes) => encodeHex(sha256(bytes)));
/** That of a committed circuit, with these files. */
const committed = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as { files: object };
const named = { ...committed.files, 'ballot.wasm': wasmHash, 'ballot.zkey': zkeyHash };
const manifest = new TextEncoder().encode(JSON.stringify({ ...committed, files: named }));
const byHash = new Map(files.map((bytes) => [encodeHex(sha256(bytes)).slice(2), bytes]));
/** Parts of both files, a mebibyte each. */
const PARTS = files.reduce((sum, { length }) => sum + Math.ceil(length / 2 ** 20), 0);

/** What browsers' Cache API does of what is used here. */
class Shelf {
  readonly kept = new Map<string, Response>();
  open = () => Promise.resolve(this);
  match = (key: string) => Promise.resolve(this.kept.get(key)?.clone());
  put = (key: string, response: Response) => Promise.resolve(void this.kept.set(key, response));
  delete = (key: string) => Promise.resolve(this.kept.delete(key));
}

let server: Server;
let service: ServerUrl;
let shelf: Shelf;
/** Parts that were asked for. */
let asked: string[];
/** Requests that are answered; then the line is cut. */
let left: number;
let spoilt: (part: Uint8Array) => Uint8Array;
let served: Uint8Array;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = '' } = request;
    if (url.endsWith('/manifest.json')) return void response.end(served);
    const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? '') ?? [];
    const bytes = byHash.get(url.split('/').at(-1) ?? '') ?? new Uint8Array();
    if ((left -= 1) < 0) return void request.destroy();
    asked.push(`${url} ${first}`);
    const part = spoilt(bytes.slice(Number(first), Number(last) + 1));
    const range = `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-range': range }).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service = parseServerUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(() => void server.close());
beforeEach(() => {
  shelf = new Shelf();
  Object.assign(globalThis, { caches: shelf });
  [asked, left, spoilt, served] = [[], Infinity, (part) => part, manifest];
});
afterAll(() => void Reflect.deleteProperty(globalThis, 'caches'));

function definition(environment: Definition['environment'] = 'development'): Definition {
  const hash = wordHex(setupHash([{ lanes: 1, manifest }]));
  return { environment, setupHash: hash, contests: [{ options: ['yes', 'no'] }] } as unknown as Definition;
}
const fetched = (of = definition()) => fetchCircuit(service, of, 2, () => undefined);
const refusal = (code: string) => expect.objectContaining({ code });

describe('the circuit’s files', () => {
  it('come in parts, with progress, and are those that the manifest names', async () => {
    const told: [number, number][] = [];
    const { wasm, zkey } = await fetchCircuit(service, definition(), 2, (done, all) => told.push([done, all]));
    expect([encodeHex(sha256(wasm)), encodeHex(sha256(zkey))]).toEqual(files.map((each) => encodeHex(sha256(each))));
    const total = files[0].length + files[1].length;
    expect(told.at(-1)).toEqual([total, total]);
    expect(asked).toHaveLength(PARTS);
  });

  it('go on where the line was cut, and are not asked for again on the next visit', async () => {
    left = 3;
    await expect(fetched()).rejects.toEqual(refusal('server/unreachable'));
    left = Infinity;
    await fetched();
    expect(asked).toHaveLength(PARTS);
    expect(new Set(asked).size).toBe(PARTS);
    await fetched();
    expect(asked).toHaveLength(PARTS);
  });

  it('are refused where one byte is wrong, and what was kept of them is thrown away', async () => {
    spoilt = (part) => part.with(part.length >> 1, (part[part.length >> 1] ?? 0) ^ 1);
    await expect(fetched()).rejects.toEqual(refusal('artifacts/hash'));
    spoilt = (part) => part;
    const { zkey } = await fetched();
    expect(encodeHex(sha256(zkey))).toBe(encodeHex(sha256(files[1])));
  });

  it('are refused where a kept part is not what was put there', async () => {
    await fetched();
    const [key] = [...shelf.kept.keys()];
    const total = shelf.kept.get(key!)!.headers.get('x-total')!;
    shelf.kept.set(key!, new Response(new Uint8Array(2 ** 20), { headers: { 'x-total': total } }));
    await expect(fetched()).rejects.toEqual(refusal('artifacts/hash'));
    await fetched();
  });

  it('are refused in parts without a sensible size', async () => {
    spoilt = () => new Uint8Array();
    await expect(fetched()).rejects.toEqual(
      expect.objectContaining({ code: expect.stringMatching(/^artifacts\/hash|server\/answer$/u) }),
    );
  });

  it('are refused under a manifest that is not the definition’s, before any is asked for', async () => {
    served = new TextEncoder().encode(
      new TextDecoder().decode(manifest).replace('"insecure":true', '"insecure":false'),
    );
    expect(served).not.toEqual(manifest);
    await expect(fetched()).rejects.toEqual(refusal('artifacts/setup'));
    expect(asked).toEqual([]);
  });

  it('that were made for development are refused in an election that binds', async () => {
    await expect(fetched(definition('binding'))).rejects.toEqual(refusal('artifacts/insecure'));
    expect(asked).toEqual([]);
  });

  it('come each time where the browser keeps nothing, or its disk is full', async () => {
    Reflect.deleteProperty(globalThis, 'caches');
    await fetched();
    expect(asked).toHaveLength(PARTS);
    Object.assign(globalThis, { caches: shelf });
    shelf.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    await fetched();
    expect(asked).toHaveLength(2 * PARTS);
  });
});
