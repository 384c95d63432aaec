import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concatHex, keccak256, numberToHex, stringToHex } from 'viem';
import {
  CREDENTIAL_TREE,
  REGISTRATION_TREE,
  merkleRoot,
  proveInclusion,
  verifyInclusion,
} from '../../../protocol/credentials/merkle.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';

const leaves = fc.array(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), { minLength: 1, maxLength: 40 });
const node = (left: bigint, right: bigint): bigint =>
  BigInt(keccak256(concatHex([keccak256(stringToHex('urna/v1/credential-node')), wordHex(left), wordHex(right)])));

/** RFC 9162 §2.1.1's recursive definition, which the promotion of odd nodes must equal. */
function recursiveRoot(list: readonly bigint[]): bigint {
  if (list.length === 1) return at(list, 0);
  const k = 2 ** (Math.ceil(Math.log2(list.length)) - 1);
  return node(recursiveRoot(list.slice(0, k)), recursiveRoot(list.slice(k)));
}

describe('merkleRoot', () => {
  it('pairs neighbours and moves an odd last node up', () => {
    expect(merkleRoot(CREDENTIAL_TREE, [])).toBe(0n);
    expect(merkleRoot(CREDENTIAL_TREE, [7n])).toBe(7n);
    expect(merkleRoot(CREDENTIAL_TREE, [1n, 2n])).toBe(node(1n, 2n));
    expect(merkleRoot(CREDENTIAL_TREE, [1n, 2n, 3n])).toBe(node(node(1n, 2n), 3n));
    expect(merkleRoot(CREDENTIAL_TREE, [1n, 2n, 3n, 4n, 5n])).toBe(node(node(node(1n, 2n), node(3n, 4n)), 5n));
  });

  it('has the shape of RFC 9162', () => {
    fc.assert(
      fc.property(leaves, (list) => expect(merkleRoot(CREDENTIAL_TREE, list)).toBe(recursiveRoot(list))),
      { numRuns: 40 },
    );
  });

  it('separates the kinds of trees', () => {
    expect(merkleRoot(REGISTRATION_TREE, [1n, 2n])).not.toBe(merkleRoot(CREDENTIAL_TREE, [1n, 2n]));
    expect(numberToHex(CREDENTIAL_TREE.nodeTag.length)).toBe('0x20');
  });
});

describe('verifyInclusion', () => {
  it('accepts the proof of every leaf, at its place and in its size only', () => {
    fc.assert(
      fc.property(leaves, (list) => {
        const root = merkleRoot(CREDENTIAL_TREE, list);
        list.forEach((leaf, index) => {
          const proof = proveInclusion(CREDENTIAL_TREE, list, index);
          expect(verifyInclusion(CREDENTIAL_TREE, root, leaf, proof)).toBe(true);
          expect(verifyInclusion(REGISTRATION_TREE, root, leaf, proof)).toBe(list.length === 1);
          expect(verifyInclusion(CREDENTIAL_TREE, root, leaf ^ 1n, proof)).toBe(false);
          expect(verifyInclusion(CREDENTIAL_TREE, root ^ 1n, leaf, proof)).toBe(false);
          expect(verifyInclusion(CREDENTIAL_TREE, root, leaf, { ...proof, siblings: [...proof.siblings, 1n] })).toBe(
            false,
          );
          expect(verifyInclusion(CREDENTIAL_TREE, root, leaf, { ...proof, index: list.length })).toBe(false);
          expect(verifyInclusion(CREDENTIAL_TREE, root, leaf, { ...proof, index: -1 })).toBe(false);
          const [, ...shorter] = proof.siblings;
          if (proof.siblings.length > 0) {
            expect(verifyInclusion(CREDENTIAL_TREE, root, leaf, { ...proof, siblings: shorter })).toBe(false);
          }
        });
      }),
      { numRuns: 20 },
    );
  });

  it('accepts no proof at another index of distinct leaves', () => {
    const list = Array.from({ length: 13 }, (_, i) => BigInt(i + 1));
    const root = merkleRoot(CREDENTIAL_TREE, list);
    for (let i = 0; i < 13; i++) {
      const proof = proveInclusion(CREDENTIAL_TREE, list, i);
      for (let j = 0; j < 13; j++) {
        const moved = verifyInclusion(CREDENTIAL_TREE, root, at(list, i), { ...proof, index: j });
        // 12 is promoted twice: its short proof fits no other index.
        expect(moved).toBe(i === j);
      }
    }
  });

  it('refuses to prove what is not there', () => {
    for (const index of [-1, 2, 0.5]) {
      expect(() => proveInclusion(CREDENTIAL_TREE, [1n, 2n], index)).toThrow(
        expect.objectContaining({ code: 'merkle/index' }),
      );
    }
  });
});
