import { describe, expect, it } from '@jest/globals';

import { concatBytes, decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon, loadTreeHash } from '../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../protocol/roll/lean-imt.ts';

const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

describe('loadTreeHash', () => {
  it('gives the root of a LeanIMT, whatever its size, without touching the leaves', async () => {
    const [hash, poseidon] = [await loadTreeHash(), await loadPoseidon()];
    for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 33]) {
      const leaves = Array.from({ length: size }, (_, i) => (R - 1n - BigInt(i) ** 40n) as Field);
      const words = concatBytes(...leaves.map(encodeWord));
      const before = words.slice();
      expect(decodeNumber(hash(words))).toBe(treeRoot(buildTree(poseidon, leaves)));
      expect(words).toEqual(before);
    }
  });
});
