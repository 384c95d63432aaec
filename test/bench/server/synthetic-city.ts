import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { groupCount } from '../../../protocol/ballot/slot-groups.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import { ciphertextWords } from '../../../protocol/ballot/ciphertext.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { decodeWord, encodeWord, wordHex } from '../../../protocol/encoding.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { hashWords } from '../../../protocol/hash.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { r, toField } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import { isFoundation } from '../../../protocol/record/foundation-lines.ts';
import { rootsHash } from '../../../protocol/roll/roots.ts';
import { buildTree, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { boundOf, boundRoot, encodeBounds } from '../../../protocol/roll/tile-bounds.ts';
import type { TileBound } from '../../../protocol/roll/tile-bounds.ts';
import { TILE_SIZE, encodeTile } from '../../../protocol/roll/tiles.ts';
import { copyOf, find, recordOf, resign } from '../../protocol/checks/world/forge.ts';
import type { World } from '../../protocol/checks/world/world.ts';

/** Lanes of every slot: the most that a contest has. */
const LANES = 4;

/** A district as large as a city's, of which nothing exists but what is asked for. */
export interface District {
  readonly index: number;
  readonly members: number;
  /** Who is on its roll, and the numbers whose tiles are asked for as well. */
  readonly identity: Identity;
  readonly decoys: readonly Field[];
}

/** What a public service answers of it; the district's root is in the world's foundation, signed by its officers. */
export async function answersOf(world: World, { index, members, identity, decoys }: District) {
  const tiles = Math.ceil(members / TILE_SIZE);
  const poseidon = await loadPoseidon();
  const commitments = (tile: number): Field[] => tileOf(members, tiles, tile, identity.commitment);
  const wanted = new Set([tiles - 1, ...[identity.commitment, ...decoys].map((each) => shareOf(each, tiles))]);
  const bounds = Array.from({ length: tiles }, (_, tile) =>
    wanted.has(tile) ? boundOf(buildTree(poseidon, commitments(tile))) : unread(tile, startOf(tile, tiles)),
  );
  const roots = bounds.map((bound) => boundRoot(poseidon, bound));
  const foundation = sealed(world, index, treeRoot(buildTree(poseidon, roots)));
  return (path: string): Uint8Array => {
    const [, , noun, first = '', second = '', third = ''] = path.split('/');
    if (noun === 'foundation.jsonl') return foundation;
    if (noun === 'slots') return groupBytes(Number(first), Number(second), groupCount(members));
    if (second === 'bounds') return encodeBounds(bounds);
    return encodeTile(second === '1' ? roots : commitments(Number(third)));
  };
}

/** Serves answers as a public service does. @returns its address, what it has sent, and how to end it */
export async function serve(answer: (path: string) => Uint8Array) {
  const sent = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const [plain, isJson] = [answer(path), path.startsWith('/v1/slots')];
    const bytes = isJson ? gzipSync(plain) : plain;
    sent.requests += 1;
    sent.bytes += bytes.length;
    const type = isJson ? 'application/json' : 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...(isJson && { 'content-encoding': 'gzip' }) }).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, sent, stop: () => void server.close() };
}

/** The tile or group of a number, of so many that share [0, r) equally. */
function shareOf(number: bigint, shares: number): number {
  return Number((number * BigInt(shares)) / r);
}

function startOf(share: number, shares: number): bigint {
  return (r * BigInt(share) + BigInt(shares) - 1n) / BigInt(shares);
}

/** Evenly spread members, and the own commitment in place of the one before it. */
function tileOf(members: number, tiles: number, tile: number, own: Field): Field[] {
  const count = Math.min(TILE_SIZE, members - tile * TILE_SIZE);
  const [start, step] = [startOf(tile, tiles), r / BigInt(tiles) / BigInt(count + 1)];
  const list = Array.from({ length: count }, (_, i) => toField(start + BigInt(i) * step + 1n));
  if (shareOf(own, tiles) !== tile) return list;
  return list.with(Math.min(count - 1, Number((own - start - 1n) / step)), own);
}

/** The bound of a tile that nobody asks for: there are no leaves but the first. */
function unread(tile: number, start: bigint): TileBound {
  const siblings = Array.from({ length: 12 }, (_, i) =>
    toField(hashWords('test-unread', [BigInt(tile), BigInt(i)]) >> 8n),
  );
  return { first: toField(start + 1n), siblings };
}

function decodeNumberOf(word: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(word).toString('hex')}`);
}

/** The world's foundation with another root of a district, sealed again by its officers. */
function sealed(world: World, district: number, root: Field): Uint8Array {
  const forgery = copyOf(world);
  const seal = find(forgery, 'seal');
  for (const entry of forgery.entries) {
    if (entry.kind !== 'roll-complete' || entry.data.version !== seal.data.version) continue;
    entry.data.roots[district] = wordHex(root);
    const roots = (entry.data.roots as `0x${string}`[]).map((word) => toField(decodeWord(word)));
    seal.data.sealedRootsHash = wordHex(rootsHash(roots));
  }
  resign(forgery);
  const lines = recordOf(forgery).filter(isFoundation).map(encodeEntryLine);
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

/** A group in which as many have voted as a group has members on average. */
function groupBytes(poll: number, group: number, groups: number): Uint8Array {
  const [start, step] = [startOf(group, groups), r / BigInt(groups) / 4097n];
  const slots = Array.from({ length: 4096 }, (_, i) => {
    const slot = start + BigInt(i) * step;
    const word = (j: number): bigint => hashWords('test-ciphertext', [slot, BigInt(j)]) >> 8n;
    const point = (j: number) => ({ x: word(2 * j), y: word(2 * j + 1) });
    const ciphertext = { R: point(0), C: Array.from({ length: LANES }, (_, j) => point(j + 1)) };
    const head = nextHead(0n, ciphertext);
    const words = ciphertextWords(ciphertext).map((each) => wordHex(decodeNumberOf(encodeWord(each))));
    return { slot: wordHex(slot), head: wordHex(head), previousHead: wordHex(0n), round: 0, ciphertext: words };
  });
  return canonicalBytes({ poll, group, groups, block: 1_000_000, slots });
}
