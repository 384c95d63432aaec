import type { Manifest } from '../../../../circuits/manifest.ts';
import { decodeManifest } from '../../../../circuits/manifest.ts';
import type { ProvingArtifacts } from '../../../../protocol/ballot/prove.ts';
import { circuitName, lanesFor } from '../../../../protocol/ballot/rules.ts';
import { setupHash } from '../../../../protocol/checks/setup-hash.ts';
import type { Definition } from '../../../../protocol/definition/definition.ts';
import { concatBytes, encodeHex, wordHex } from '../../../../protocol/encoding.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../../../protocol/errors.ts';
import { sha256 } from '../../../../protocol/hash.ts';
import { getBytes, getPart } from '../../../http/ask.ts';
import type { ServerUrl } from '../../../http/server-url.ts';

const CACHE = 'urna-circuits';
/** Bytes of a part: what a lost connection costs at most. */
const PART = 2 ** 20;
/** Milliseconds that a part may take. */
const TIMEOUT = 120_000;
const MAX_MANIFEST = 2 ** 16;
/** Far above any of this software's. */
const MAX_FILE = 2 ** 26;

/** How far a download is, in bytes; `all` is 0 until it is known. */
export type Progress = (done: number, all: number) => void;

/**
 * What proving a contest's ballots takes. The definition fixes the manifests by their hash, and these the files; what has been downloaded
 * stays in the browser's cache, part by part, so that a download that was cut off goes on where it was.
 *
 * @throws `artifacts/setup` for manifests that are not the definition's, `artifacts/hash`, `artifacts/insecure`, `server/*`
 */
export async function fetchCircuit(
  service: ServerUrl,
  definition: Definition,
  options: number,
  progress: Progress,
): Promise<ProvingArtifacts> {
  const manifest = await manifestFor(service, definition, lanesFor(options));
  const isAllowed = !manifest.insecure || definition.environment === 'development';
  require(isAllowed, 'artifacts/insecure', 'the proving key was made for development only');
  const [generator, provingKey] = [manifest.files['ballot.wasm'], manifest.files['ballot.zkey']];
  if (generator === undefined || provingKey === undefined)
    throw new UrnaError('artifacts/manifest', 'the manifest names no files for proving');
  const sizes = new Map<Hex, readonly [done: number, all: number]>();
  const fetchOne = (hash: Hex): Promise<Uint8Array> =>
    fetchFile(service, hash, (done, all) => {
      sizes.set(hash, [done, all]);
      const [sum, total] = [...sizes.values()].reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
      progress(sum, sizes.size === 2 ? total : 0);
    });
  // Both come to their end before one of them fails: another attempt would meet what still goes on, in the cache.
  const [wasm, zkey] = (await Promise.allSettled([fetchOne(generator), fetchOne(provingKey)])).map((fetched) => {
    if (fetched.status === 'rejected') throw fetched.reason;
    return fetched.value;
  }) as [Uint8Array, Uint8Array];
  return { wasm, zkey };
}

async function manifestFor(service: ServerUrl, definition: Definition, lanes: number): Promise<Manifest> {
  const used: number[] = [...new Set(definition.contests.map(({ options }) => lanesFor(options.length)))];
  const committed = await Promise.all(
    used.map(async (each) => {
      const path = `/v1/record/files/circuits/${circuitName(each)}/manifest.json`;
      return { lanes: each, manifest: await getBytes(service, path, { maxBytes: MAX_MANIFEST }) };
    }),
  );
  const own = wordHex(setupHash(committed)) === definition.setupHash;
  require(own, 'artifacts/setup', 'the service’s circuits are not those that the definition names');
  return decodeManifest(at(committed, used.indexOf(lanes)).manifest);
}

async function fetchFile(service: ServerUrl, hash: Hex, progress: Progress): Promise<Uint8Array> {
  const cache = await openCache();
  const key = (first: number): string => `/urna-circuit/${hash.slice(2)}/${first}`;
  const parts: Uint8Array[] = [];
  let [first, total] = [0, Infinity];
  while (first < total) {
    const kept = await cache?.match(key(first));
    const part =
      kept === undefined
        ? await getPart(service, `/v1/artifacts/${hash.slice(2)}`, { first, length: PART }, { timeout: TIMEOUT })
        : { bytes: new Uint8Array(await kept.arrayBuffer()), total: Number(kept.headers.get('x-total')) };
    const fits = part.bytes.length > 0 && part.total <= MAX_FILE && first + part.bytes.length <= part.total;
    if (!fits) {
      await forget(cache, key, first);
      throw new UrnaError('artifacts/hash', 'a part of the circuit has no sensible size');
    }
    if (kept === undefined) await keepPart(cache, key(first), part.bytes, part.total);
    parts.push(part.bytes);
    first += part.bytes.length;
    total = part.total;
    progress(first, total);
  }
  const bytes = concatBytes(...parts);
  if (encodeHex(sha256(bytes)) === hash) return bytes;
  await forget(cache, key, first);
  throw new UrnaError('artifacts/hash', 'the circuit is not the file that its manifest names');
}

/** Whatever was kept up to there is worth nothing: the next attempt begins anew. */
async function forget(cache: Cache | undefined, key: (first: number) => string, last: number): Promise<void> {
  for (let i = 0; i <= last; i += PART) await cache?.delete(key(i));
}

/** None where the browser keeps nothing (private windows): then each visit downloads. */
async function openCache(): Promise<Cache | undefined> {
  return 'caches' in globalThis ? caches.open(CACHE).catch(() => undefined) : undefined;
}

/** A full disk costs the next visit a download, this one nothing. */
async function keepPart(cache: Cache | undefined, key: string, bytes: Uint8Array, total: number): Promise<void> {
  const response = new Response(Uint8Array.from(bytes), { headers: { 'x-total': String(total) } });
  await cache?.put(key, response).catch(() => undefined);
}
