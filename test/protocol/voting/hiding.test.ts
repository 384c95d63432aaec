import { beforeAll, describe, expect, it } from '@jest/globals';
import { ciphertextWords } from '../../../protocol/ballot/ciphertext.ts';
import { groupCount, groupOf } from '../../../protocol/ballot/slot-groups.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { G } from '../../../protocol/math/curve.ts';
import { r, toField } from '../../../protocol/math/field.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { RandomBytes } from '../../../protocol/random.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { buildTree, parents, rootOfPath, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { boundOf, boundRoot, encodeBounds } from '../../../protocol/roll/tile-bounds.ts';
import type { TileBound } from '../../../protocol/roll/tile-bounds.ts';
import { TILE_SIZE, cutTile, encodeTile } from '../../../protocol/roll/tiles.ts';
import { decoys } from '../../../protocol/voting/decoys.ts';
import type { Reader } from '../../../protocol/voting/reader.ts';
import { readRollPlace } from '../../../protocol/voting/roll-place.ts';
import { streamOf } from '../stream.ts';
import { readHeldSlot } from '../../../protocol/voting/held-slot.ts';

const CONTEXT = { chainId: 31337, election: encodeHex(new Uint8Array(20).fill(7)) };
const LAST = 40;
const MEMBERS = 3 * TILE_SIZE + LAST;
let poseidon: Poseidon;
let members: readonly Field[];
let root: Field;
let tiles: Map<string, readonly Field[]>;
let bounds: readonly TileBound[];

beforeAll(async () => {
  poseidon = await loadPoseidon();
  const drawn = Array.from({ length: MEMBERS }, (_, i) => toField(hashWords('test-member', [BigInt(i)]) >> 8n));
  members = drawn.sort((a, b) => (a < b ? -1 : 1));
  const tree = buildTree(poseidon, members);
  root = treeRoot(tree);
  tiles = new Map([['1/0', cutTile(tree, 1, 0)]]);
  for (let i = 0; i < 4; i++) tiles.set(`0/${i}`, cutTile(tree, 0, i));
  bounds = [0, 1, 2, 3].map((i) => boundOf(buildTree(poseidon, cutTile(tree, 0, i))));
});

/** A service that notes what it is asked for. */
function service(
  lies: Readonly<Record<string, readonly Field[]>> = {},
  told = bounds,
): { read: Reader; asked: string[] } {
  const asked: string[] = [];
  const read: Reader = (path) => {
    const name = path.replace('/v1/tiles/5/', '');
    asked.push(name);
    return Promise.resolve(name === 'bounds' ? encodeBounds(told) : encodeTile(lies[name] ?? tiles.get(name)!));
  };
  return { read, asked };
}

function find(read: Reader, index: number, privateKey = new Uint8Array(32).fill(index & 255)) {
  const others = decoys('decoy-member', { privateKey, context: CONTEXT, index: 5 }, 1);
  return readRollPlace(read, poseidon, { district: 5, root, commitment: members[index]!, decoys: others }, randomBytes);
}

describe('decoys', () => {
  const place = { privateKey: new Uint8Array(32).fill(1), context: CONTEXT, index: 0 };

  it('are the same in every command of an identity, and others elsewhere', () => {
    const drawn = decoys('decoy-slot', place, 3);
    expect(decoys('decoy-slot', place, 3)).toEqual(drawn);
    const elsewhere = [
      decoys('decoy-member', place, 3),
      decoys('decoy-slot', { ...place, index: 1 }, 3),
      decoys('decoy-slot', { ...place, privateKey: new Uint8Array(32).fill(2) }, 3),
      decoys('decoy-slot', { ...place, context: { ...CONTEXT, chainId: 1 } }, 3),
    ];
    for (const each of elsewhere) expect(each.filter((decoy) => drawn.includes(decoy))).toEqual([]);
  });

  it('are spread as commitments are', () => {
    const counts = [0, 0, 0, 0];
    for (const decoy of decoys('decoy-slot', place, 4000)) counts[Number((decoy * 4n) / r)]! += 1;
    // Six standard deviations of a fixed draw.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(165);
  });
});

describe('readRollPlace, before a service that keeps a log', () => {
  it('finds the path and the number of members', async () => {
    for (const index of [TILE_SIZE + 1, MEMBERS - 1]) {
      const { path, members: count } = await find(service().read, index);
      expect([path.leaf, rootOfPath(poseidon, path), count]).toEqual([members[index], root, MEMBERS]);
    }
  });

  it('asks for all of them although one is false: what it finds does not show', async () => {
    const honest = service();
    await find(honest.read, 7);
    for (const lie of ['0/0', '0/3']) {
      const { asked, read } = service({ [lie]: [toField(1n)] });
      await expect(find(read, 7)).rejects.toMatchObject({ code: 'public/tile' });
      expect([...asked].sort()).toEqual([...honest.asked].sort());
    }
  });

  it.each([
    ['a tile of another roll', () => ({ '0/0': members.slice(1, TILE_SIZE + 1) })],
    ['one other member', () => ({ '0/0': members.slice(0, TILE_SIZE).with(100, toField(members[100]! + 1n)) })],
    ['a last tile without its last member', () => ({ '0/3': members.slice(3 * TILE_SIZE, -1) })],
    ['an upper tile that is not of the root', () => ({ '1/0': members.slice(0, 4) })],
    ['members in another order', () => ({ '0/3': members.slice(3 * TILE_SIZE).toReversed() })],
  ])('refuses %s', async (_what, lies) => {
    await expect(find(service(lies()).read, 0)).rejects.toMatchObject({ code: 'public/tile' });
  });

  it('refuses bounds that a service has shifted to ask after one member, before it asks for any tile', async () => {
    const lies: (readonly TileBound[])[] = [
      bounds.with(1, { ...bounds[1]!, first: members[TILE_SIZE - 5]! }),
      bounds.with(1, boundOf(buildTree(poseidon, members.slice(TILE_SIZE - 5, 2 * TILE_SIZE - 5)))),
      bounds.toReversed(),
      bounds.slice(1),
      // A level up on the way to the same root: no leaf.
      bounds.with(1, {
        first: poseidon([bounds[1]!.first, bounds[1]!.siblings[0]!]),
        siblings: bounds[1]!.siblings.slice(1),
      }),
    ];
    for (const lie of lies) {
      const { read, asked } = service({}, lie);
      await expect(find(read, 7)).rejects.toMatchObject({ code: 'public/tile' });
      expect(asked).toEqual(['1/0', 'bounds']);
    }
  });

  it('refuses a last tile whose nodes are one level up: the same root, half as many members', async () => {
    const lifted = parents(poseidon, members.slice(3 * TILE_SIZE));
    for (const told of [bounds, bounds.with(3, boundOf(buildTree(poseidon, lifted)))])
      await expect(find(service({ '0/3': lifted }, told).read, 0)).rejects.toMatchObject({ code: 'public/tile' });
  });

  it('says so where the commitment is not on the roll', async () => {
    const search = { district: 5, root, commitment: toField(members[5]! + 1n), decoys: [] };
    await expect(readRollPlace(service().read, poseidon, search, randomBytes)).rejects.toMatchObject({
      code: 'voter/not-on-roll',
    });
  });
});

describe('readRollPlace, in a district of 16 tiles', () => {
  const TILES = 16;
  const DECOYS = 7;
  let far: TileBound[];
  let roots: Field[];
  let root: Field;
  beforeAll(() => {
    const siblings = Array.from({ length: 12 }, (_, i) => toField(BigInt(i)));
    far = Array.from({ length: TILES }, (_, i) => ({ first: toField((r * BigInt(i)) / BigInt(TILES) + 1n), siblings }));
    roots = far.map((bound) => boundRoot(poseidon, bound));
    root = treeRoot(buildTree(poseidon, roots));
  });

  /** Tiles of level 0 in the order in which they are asked for; none is there, which shows only after the last. */
  async function askedFor(commitment: Field, privateKey: Uint8Array, random: RandomBytes): Promise<number[]> {
    const asked: number[] = [];
    const read: Reader = (path) => {
      const [, level, index] = /\/(\d+)\/(\d+)$/u.exec(path) ?? [];
      if (level === '0') asked.push(Number(index));
      if (path.endsWith('bounds')) return Promise.resolve(encodeBounds(far));
      return Promise.resolve(encodeTile(level === '1' ? roots : [toField(0n)]));
    };
    const others = decoys('decoy-member', { privateKey, context: CONTEXT, index: 5 }, DECOYS);
    const search = { district: 5, root, commitment, decoys: others };
    await expect(readRollPlace(read, poseidon, search, random)).rejects.toMatchObject({ code: 'public/tile' });
    return asked;
  }

  const voter = (i: number) => ({
    privateKey: new Uint8Array(32).fill(i & 255, 0, 16).fill(i >> 8, 16),
    commitment: toField(hashWords('test-member', [BigInt(i)]) % r),
  });
  const tileOf = (member: Field): number => Number(((member - 1n) * BigInt(TILES)) / r);

  it('asks for the same tiles in every command: repeated ones narrow nothing down', async () => {
    const { commitment, privateKey } = voter(1);
    const logs: number[][] = [];
    for (let i = 0; i < 12; i++) logs.push(await askedFor(commitment, privateKey, randomBytes));
    const sorted = logs.map((log) => [...log].sort((a, b) => a - b).join());
    expect(new Set(sorted).size).toBe(1);
    expect(logs[0]).toContain(tileOf(commitment));
    expect(new Set(logs.map((log) => log.join())).size).toBeGreaterThan(1);
  });

  it('leaves a server that keeps a log to guess: place in the order and number tell it nothing', async () => {
    const random = streamOf('logs');
    const VOTERS = 80;
    const hits = { first: 0, last: 0, lowest: 0, highest: 0, expected: 0 };
    for (let i = 0; i < VOTERS; i++) {
      const { commitment, privateKey } = voter(i);
      const own = tileOf(commitment);
      // The last tile is asked for by all: the guess is among the others.
      const log = (await askedFor(commitment, privateKey, random)).filter((tile) => tile !== TILES - 1);
      const guesses = { first: log[0], last: log.at(-1), lowest: Math.min(...log), highest: Math.max(...log) };
      for (const [name, guess] of Object.entries(guesses)) if (guess === own) hits[name as keyof typeof guesses] += 1;
      if (own !== TILES - 1) hits.expected += 1 / log.length;
    }
    // Four standard deviations of a fixed draw: a guess is right as often as by chance.
    const { expected, ...guessed } = hits;
    for (const count of Object.values(guessed))
      expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});

describe('readHeldSlot', () => {
  const groups = groupCount(MEMBERS);
  const own = toField(r / 3n);
  const ciphertext = { R: G, C: [G] };
  const head = nextHead(0n, ciphertext);
  const row = {
    ...{ slot: wordHex(own), head: wordHex(head), previousHead: wordHex(0n), round: 2 },
    ciphertext: ciphertextWords(ciphertext).map(wordHex),
  };

  function slots(change: (answer: Record<string, unknown>) => object = (answer) => answer): {
    read: Reader;
    asked: number[];
  } {
    const asked: number[] = [];
    const read: Reader = (path) => {
      const group = Number(path.split('/').at(-1));
      asked.push(group);
      const answer = { poll: 4, group, groups, block: 9, slots: group === groupOf(own, groups) ? [row] : [] };
      return Promise.resolve(canonicalBytes(change(answer) as never));
    };
    return { read, asked };
  }
  const search = {
    poll: 4,
    sealedAt: 9,
    members: MEMBERS,
    lanes: 1,
    nullifier: own,
    decoys: [toField(0n), toField(r - 1n)],
  };

  it('gives what the slot holds, and nothing for an empty one', async () => {
    expect(await readHeldSlot(slots().read, search, randomBytes)).toEqual({
      head,
      previousHead: 0n,
      ciphertext,
      round: 2,
    });
    expect(await readHeldSlot(slots((a) => ({ ...a, slots: [] })).read, search, randomBytes)).toBeUndefined();
  });

  it('asks for the same groups, in any order, whether or not the slot is there', async () => {
    const orders = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const { read, asked } = slots(i % 2 === 0 ? undefined : (answer) => ({ ...answer, slots: [] }));
      await readHeldSlot(read, search, randomBytes);
      expect([...asked].sort()).toEqual([0, groupOf(own, groups), groups - 1].sort());
      orders.add(asked.join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it.each([
    ['another poll', (answer: object) => ({ ...answer, poll: 3 })],
    ['another number of groups', (answer: object) => ({ ...answer, groups: groups + 1 })],
    ['another group', (answer: object) => ({ ...answer, group: 0 })],
    ['the own slot in every group', (answer: object) => ({ ...answer, slots: [row] })],
    ['a head that its ciphertext does not give', (answer: object) => tampered(answer, { head: wordHex(5n) })],
    ['another number of lanes', (answer: object) => tampered(answer, { ciphertext: row.ciphertext.slice(0, 2) })],
    ['a point off the curve', (answer: object) => tampered(answer, offCurve())],
    ['a group of a block before the seal', (answer: object) => ({ ...answer, block: 8 })],
    ['a row of another form', (answer: object) => tampered(answer, { more: 1 })],
  ])('refuses %s', async (_what, change) => {
    await expect(readHeldSlot(slots(change).read, search, randomBytes)).rejects.toMatchObject({ code: 'public/slots' });
  });

  /** With the head that goes with it: only the curve tells. */
  function offCurve(): object {
    const points = { R: { x: G.x, y: G.x }, C: [G] };
    return { ciphertext: ciphertextWords(points).map(wordHex), head: wordHex(nextHead(0n, points)) };
  }

  function tampered(answer: object, change: object): object {
    const { slots: rows } = answer as { slots: readonly object[] };
    return { ...answer, slots: rows.map((each) => ({ ...each, ...change })) };
  }
});
