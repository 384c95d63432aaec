import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { LeanIMT } from '@zk-kit/lean-imt';
import fc from 'fast-check';
import { hashWords } from '../../../protocol/hash.ts';
import { at } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { EMPTY_FRONTIER, append, frontierRoot, rootOfLeaves } from '../../../protocol/roll/frontier.ts';
import { buildTree, membershipPath, rootOfPath, treeDepth, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { indexOfMember, toMembers } from '../../../protocol/roll/members.ts';
import { rootsHash } from '../../../protocol/roll/roots.ts';
import { membersUpTo } from './roll.ts';

interface Vector {
  readonly size: number;
  readonly root: string;
  readonly depth: number;
  readonly lastPath: { readonly index: number; readonly siblings: readonly string[] };
}
const { rolls } = JSON.parse(readFileSync('test/vectors/lean-imt.json', 'utf8')) as {
  readonly rolls: readonly Vector[];
};
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
let poseidon: Poseidon;
beforeAll(async () => {
  poseidon = await loadPoseidon();
});

describe('buildTree', () => {
  it.each(rolls)('has the published root of $size members', ({ size, root, depth }) => {
    const tree = buildTree(poseidon, membersUpTo(size));
    expect(treeRoot(tree)).toBe(BigInt(root));
    expect(treeDepth(tree)).toBe(depth);
  });

  it('has root 0 without members', () => {
    expect(treeRoot(buildTree(poseidon, []))).toBe(0n);
    expect(treeDepth(buildTree(poseidon, []))).toBe(0);
    expect(() => membershipPath(buildTree(poseidon, []), 0)).toThrow(code('roll/index'));
  });
});

describe('membershipPath', () => {
  it.each(rolls)('of the last of $size members is the published one', ({ size, lastPath }) => {
    const path = membershipPath(buildTree(poseidon, membersUpTo(size)), size - 1);
    expect(path.siblings).toEqual(lastPath.siblings.map(BigInt));
    expect(path.bits.reduce<number>((sum, bit, i) => sum + bit * 2 ** i, 0)).toBe(lastPath.index);
  });

  it('agrees with @zk-kit/lean-imt for every member of every size', () => {
    for (let size = 1; size <= 40; size++) {
      const theirs = new LeanIMT<bigint>((a, b) => poseidon([a, b]), membersUpTo(size));
      const ours = buildTree(poseidon, membersUpTo(size));
      for (let index = 0; index < size; index++) {
        const path = membershipPath(ours, index);
        const proof = theirs.generateProof(index);
        expect([path.root, path.leaf, path.siblings]).toEqual([proof.root, proof.leaf, proof.siblings]);
        expect(path.bits.reduce<number>((sum, bit, i) => sum + bit * 2 ** i, 0)).toBe(proof.index);
      }
    }
  });

  it('leads to the root, and to another one if anything is changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), (size, i, j) => {
        const path = membershipPath(buildTree(poseidon, membersUpTo(size)), i % size);
        expect(rootOfPath(poseidon, path)).toBe(path.root);
        const place = j % path.siblings.length;
        const siblings = path.siblings.map((sibling, k) => (k === place ? ((sibling + 1n) as Field) : sibling));
        const bits = path.bits.map((bit, k) => (k === place ? ((1 - bit) as 0 | 1) : bit));
        expect(rootOfPath(poseidon, { ...path, siblings })).not.toBe(path.root);
        expect(rootOfPath(poseidon, { ...path, bits })).not.toBe(path.root);
        expect(rootOfPath(poseidon, { ...path, leaf: (path.leaf + 1n) as Field })).not.toBe(path.root);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses members that are not there, and lopsided paths', () => {
    const tree = buildTree(poseidon, membersUpTo(5));
    for (const index of [-1, 5, 0.5]) expect(() => membershipPath(tree, index)).toThrow(code('roll/index'));
    expect(() => rootOfPath(poseidon, { ...membershipPath(tree, 0), bits: [] })).toThrow(code('roll/path'));
  });
});

describe('append', () => {
  it('has the root of the whole tree after every batch', () => {
    let frontier = EMPTY_FRONTIER;
    expect(frontierRoot(poseidon, frontier)).toBe(0n);
    const members = membersUpTo(100);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 7],
      [7, 8],
      [8, 8],
      [8, 64],
      [64, 100],
    ] as const) {
      frontier = append(poseidon, frontier, members.slice(from, to));
      expect(frontier.size).toBe(to);
      expect(frontierRoot(poseidon, frontier)).toBe(treeRoot(buildTree(poseidon, members.slice(0, to))));
    }
  });

  it('and rootOfLeaves have the same root, which leaves have in any order', () => {
    for (const size of [0, 1, 2, 3, 8, 31, 64]) {
      const leaves = membersUpTo(size).reverse();
      expect(rootOfLeaves(poseidon, leaves)).toBe(treeRoot(buildTree(poseidon, leaves)));
    }
  });

  it('does not depend on how members are cut into batches', () => {
    const members = membersUpTo(60);
    const whole = append(poseidon, EMPTY_FRONTIER, members);
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 6 }), (cuts) => {
        const bounds = [0, ...cuts.sort((a, b) => a - b), 60];
        const parts = bounds.slice(1).map((end, i) => members.slice(bounds[i], end));
        expect(parts.reduce((frontier, part) => append(poseidon, frontier, part), EMPTY_FRONTIER)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses members that are not in strictly increasing order, across batches as well', () => {
    const [a, b] = membersUpTo(2) as [Field, Field];
    const frontier = append(poseidon, EMPTY_FRONTIER, [b]);
    for (const leaves of [[b], [a], [0n as Field]])
      expect(() => append(poseidon, frontier, leaves)).toThrow(code('roll/order'));
    expect(() => append(poseidon, EMPTY_FRONTIER, [0n as Field])).toThrow(code('roll/order'));
  });

  it('refuses more than 2^20 members', () => {
    const full = { ...EMPTY_FRONTIER, size: 2 ** 20 };
    expect(() => append(poseidon, full, membersUpTo(1))).toThrow(code('roll/size'));
  });
});

describe('toMembers', () => {
  it('accepts strictly increasing commitments', () => {
    expect(toMembers([1n, 2n, 10n])).toEqual([1n, 2n, 10n]);
    expect(toMembers([])).toEqual([]);
  });

  it.each([
    ['roll/zero', [0n, 1n]],
    ['roll/duplicate', [1n, 2n, 2n]],
    ['roll/order', [1n, 3n, 2n]],
    ['field/range', [1n, 21888242871839275222246405745257275088548364400416034343698204186575808495617n]],
  ])('refuses with %s', (expected, commitments) => {
    expect(() => toMembers(commitments)).toThrow(code(expected));
  });

  it('refuses more than 2^20', () => {
    expect(() => toMembers(Array.from({ length: 2 ** 20 + 1 }, (_, i) => BigInt(i + 1)))).toThrow(code('roll/size'));
  });
});

describe('indexOfMember', () => {
  it('finds every member and nothing else', () => {
    for (const size of [0, 1, 2, 3, 10]) {
      const members = membersUpTo(size);
      members.forEach((member, i) => expect(indexOfMember(members, member)).toBe(i));
      for (const other of [0n, at(membersUpTo(1), 0) + 1n, 10n ** 40n]) expect(indexOfMember(members, other)).toBe(-1);
    }
  });
});

describe('rootsHash', () => {
  it('hashes the roots of all districts in order', () => {
    const [a, b] = membersUpTo(2) as [Field, Field];
    expect(rootsHash([a, b])).toBe(hashWords('roots', [a, b]));
    expect(rootsHash([a, b])).not.toBe(rootsHash([b, a]));
  });
});
