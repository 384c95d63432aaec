import { at, require } from '../errors.ts';
import type { Field } from '../math/field.ts';
import type { Poseidon } from '../math/poseidon.ts';

/** A LeanIMT (SPEC §6): `levels[0]` are the leaves, the last level is the root alone; no levels without leaves. */
export interface LeanImt {
  readonly levels: readonly (readonly Field[])[];
}

/** A member's way to the root, in the shape the circuit takes (SPEC §10). */
export interface MembershipPath {
  readonly root: Field;
  readonly leaf: Field;
  /** Where the node stands on each level that has a sibling: 0 left, 1 right. */
  readonly bits: readonly (0 | 1)[];
  /** From the leaf upwards; levels on which the node moves up unchanged are left out. */
  readonly siblings: readonly Field[];
}

/** The tree over `leaves`, in their order: n − 1 hashes. */
export function buildTree(poseidon: Poseidon, leaves: readonly Field[]): LeanImt {
  if (leaves.length === 0) return { levels: [] };
  const levels: (readonly Field[])[] = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) level = parents(poseidon, level);
  return { levels };
}

/** The root; 0 for a tree without leaves. */
export function treeRoot({ levels }: LeanImt): Field {
  return levels.at(-1)?.[0] ?? (0n as Field);
}

/** Edges from the leaves to the root: ⌈log2 n⌉. */
export function treeDepth({ levels }: LeanImt): number {
  return Math.max(0, levels.length - 1);
}

/** @throws `roll/index` unless there is such a leaf */
export function membershipPath(tree: LeanImt, index: number): MembershipPath {
  const leaf = tree.levels[0]?.[index];
  require(leaf !== undefined, 'roll/index', `the roll has no member ${index}`);
  const bits: (0 | 1)[] = [];
  const siblings: Field[] = [];
  tree.levels.forEach((level, height) => {
    const position = Math.floor(index / 2 ** height);
    const sibling = level[position ^ 1];
    if (sibling === undefined) return;
    bits.push((position & 1) as 0 | 1);
    siblings.push(sibling);
  });
  return { root: treeRoot(tree), leaf, bits, siblings };
}

/** The root that `path` leads to: equal to `path.root` if the path is right. */
export function rootOfPath(poseidon: Poseidon, { leaf, bits, siblings }: MembershipPath): Field {
  require(bits.length === siblings.length, 'roll/path', 'a path has as many bits as siblings');
  return siblings.reduce(
    (node, sibling, i) => (at(bits, i) === 0 ? poseidon([node, sibling]) : poseidon([sibling, node])),
    leaf,
  );
}

/** Nodes of the next level: an odd last node moves up unchanged. */
export function parents(poseidon: Poseidon, level: readonly Field[]): Field[] {
  const next: Field[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [at(level, i), level[i + 1]];
    next.push(right === undefined ? left : poseidon([left, right]));
  }
  return next;
}
