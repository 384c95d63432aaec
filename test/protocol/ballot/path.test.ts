import { describe, expect, it } from '@jest/globals';
import { levelPath } from '../../../protocol/ballot/path.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, membershipPath, treeRoot } from '../../../protocol/roll/lean-imt.ts';

const leaves = (count: number): Field[] => Array.from({ length: count }, (_, i) => BigInt(i + 1) as Field);

describe('levelPath', () => {
  it('puts every hash on its level, for every leaf of every tree up to 40', async () => {
    const poseidon = await loadPoseidon();
    for (let count = 1; count <= 40; count++) {
      const tree = buildTree(poseidon, leaves(count));
      for (let index = 0; index < count; index++) {
        const { siblings, sides } = levelPath(membershipPath(tree, index), count);
        const last = count - 1;
        let node: bigint = tree.levels[0]![index]!;
        for (let level = 0; level < 20; level++) {
          const position = index >> level;
          const alone = position === last >> level && position % 2 === 0;
          expect(sides[level]).toBe(alone ? 0n : BigInt(position & 1));
          const [left, right] = sides[level] === 1n ? [siblings[level]!, node] : [node, siblings[level]!];
          if (!alone) node = poseidon([left, right]);
        }
        expect(node).toBe(treeRoot(tree));
      }
    }
  });

  it('refuses a path that does not fit a tree of that size', async () => {
    const path = membershipPath(buildTree(await loadPoseidon(), leaves(5)), 4);
    for (const members of [0, 4, 6, 8, 2 ** 20 + 1, 1.5]) {
      expect(() => levelPath(path, members)).toThrow(expect.objectContaining({ code: 'ballot/path' }));
    }
  });
});
