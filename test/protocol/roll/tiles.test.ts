import { beforeAll, describe, expect, it } from '@jest/globals';
import { at } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, membershipPath } from '../../../protocol/roll/lean-imt.ts';
import type { LeanImt } from '../../../protocol/roll/lean-imt.ts';
import { boundOf, boundRoot, decodeBounds, encodeBounds } from '../../../protocol/roll/tile-bounds.ts';
import type { TileBound } from '../../../protocol/roll/tile-bounds.ts';
import { TILE_SIZE, cutTile, decodeTile, encodeTile, pathFromTiles } from '../../../protocol/roll/tiles.ts';
import { membersUpTo } from './roll.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const size = 2 * TILE_SIZE + 3;
let poseidon: Poseidon;
let tree: LeanImt;
beforeAll(async () => {
  poseidon = await loadPoseidon();
  tree = buildTree(poseidon, membersUpTo(size));
});

describe('cutTile', () => {
  it('cuts leaves in 4,096 and the roots of those tiles', () => {
    expect([0, 1, 2].map((index) => cutTile(tree, 0, index).length)).toEqual([TILE_SIZE, TILE_SIZE, 3]);
    expect(cutTile(tree, 0, 1)[0]).toBe(at(membersUpTo(size), TILE_SIZE));
    expect(cutTile(tree, 1, 0)).toHaveLength(3);
  });

  it('refuses tiles that are not there', () => {
    for (const index of [-1, 3, 0.5]) expect(() => cutTile(tree, 0, index)).toThrow(code('roll/tile'));
    expect(() => cutTile(tree, 1, 1)).toThrow(code('roll/tile'));
    expect(() => cutTile({ levels: [] }, 0, 0)).toThrow(code('roll/tile'));
  });
});

describe('pathFromTiles', () => {
  it('is the path of the whole tree', () => {
    for (const index of [0, 1, TILE_SIZE - 1, TILE_SIZE, 2 * TILE_SIZE - 1, 2 * TILE_SIZE, size - 1]) {
      const leaves = cutTile(tree, 0, Math.floor(index / TILE_SIZE));
      expect(pathFromTiles(poseidon, index, leaves, cutTile(tree, 1, 0))).toEqual(membershipPath(tree, index));
    }
  });

  it('works for rolls of less than a tile', () => {
    for (const count of [1, 2, 5]) {
      const small = buildTree(poseidon, membersUpTo(count));
      const path = pathFromTiles(poseidon, count - 1, cutTile(small, 0, 0), cutTile(small, 1, 0));
      expect(path).toEqual(membershipPath(small, count - 1));
    }
  });

  it('refuses a tile that the tile above does not know', () => {
    const roots = cutTile(tree, 1, 0);
    const leaves = [...cutTile(tree, 0, 2)];
    leaves[1] = (at(leaves, 1) + 1n) as Field;
    expect(() => pathFromTiles(poseidon, size - 1, leaves, roots)).toThrow(code('roll/tile'));
    expect(() => pathFromTiles(poseidon, 0, cutTile(tree, 0, 2), roots)).toThrow(code('roll/tile'));
    expect(() => pathFromTiles(poseidon, size, cutTile(tree, 0, 2), roots)).toThrow(code('roll/index'));
  });
});

describe('decodeTile', () => {
  it('inverts encodeTile', () => {
    expect(decodeTile(encodeTile(cutTile(tree, 0, 2)))).toEqual(cutTile(tree, 0, 2));
    expect(encodeTile(cutTile(tree, 0, 0))).toHaveLength(TILE_SIZE * 32);
  });

  it('refuses other lengths and numbers ≥ r', () => {
    for (const length of [0, 31, 33, (TILE_SIZE + 1) * 32]) {
      expect(() => decodeTile(new Uint8Array(length))).toThrow(code('roll/tile'));
    }
    expect(() => decodeTile(new Uint8Array(32).fill(255))).toThrow(code('field/range'));
  });
});

describe('decodeBounds', () => {
  const bounds = (): TileBound[] => [0, 1, 2].map((i) => boundOf(buildTree(poseidon, cutTile(tree, 0, i))));

  it('inverts encodeBounds, and every bound leads to the root of its tile', () => {
    const bytes = encodeBounds(bounds());
    expect(bytes).toHaveLength(32 * (13 + 13 + 3));
    expect(decodeBounds(bytes, 3)).toEqual(bounds());
    expect(bounds().map((bound) => boundRoot(poseidon, bound))).toEqual(cutTile(tree, 1, 0));
  });

  it('refuses lengths that so many tiles cannot have', () => {
    const bytes = encodeBounds(bounds());
    for (const wrong of [bytes.subarray(0, 26 * 32), bytes.subarray(1), new Uint8Array()])
      expect(() => decodeBounds(wrong, 3)).toThrow(code('roll/bounds'));
    for (const tiles of [2, 4]) expect(() => decodeBounds(bytes, tiles)).toThrow(code('roll/bounds'));
  });
});
