import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { at, require } from '../errors.ts';
import { domainTag, keccak256 } from '../hash.ts';

/** A kind of tree: its nodes are `keccak256(nodeTag ‖ left ‖ right)`. Leaves carry a tag of their own. */
export interface TreeKind {
  readonly nodeTag: Uint8Array;
}

export const CREDENTIAL_TREE: TreeKind = { nodeTag: domainTag('credential-node') };
export const REGISTRATION_TREE: TreeKind = { nodeTag: domainTag('registration-node') };

/** That a leaf stands at `index` among `size` leaves. */
export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  /** From the leaf upwards; levels where the node is promoted have none. */
  readonly siblings: readonly bigint[];
}

/** A tree that grows leaf by leaf: of its complete subtrees only the roots are kept, the largest first. */
export interface GrowingTree {
  readonly kind: TreeKind;
  size: number;
  readonly subtrees: bigint[];
}

/** A tree without leaves. */
export function growTree(kind: TreeKind): GrowingTree {
  return { kind, size: 0, subtrees: [] };
}

/** Adds a leaf as in binary counting: two subtrees of one height become one of the next. */
export function addLeaf(tree: GrowingTree, leaf: bigint): void {
  let node = leaf;
  for (let rest = tree.size; rest % 2 === 1; rest = (rest - 1) / 2) {
    node = parent(tree.kind, tree.subtrees.pop() ?? 0n, node);
  }
  tree.subtrees.push(node);
  tree.size += 1;
}

/** SPEC §5.3: the root of a level by level pairing in which an odd last node moves up unchanged; no leaves give 0. */
export function grownRoot({ kind, subtrees }: GrowingTree): bigint {
  return subtrees.length === 0 ? 0n : subtrees.reduceRight((right, left) => parent(kind, left, right));
}

/** The root of these leaves (SPEC §5.3). */
export function merkleRoot(kind: TreeKind, leaves: Iterable<bigint>): bigint {
  const tree = growTree(kind);
  for (const leaf of leaves) addLeaf(tree, leaf);
  return grownRoot(tree);
}

/** @throws `merkle/index` unless 0 ≤ index < leaves.length */
export function proveInclusion(kind: TreeKind, leaves: readonly bigint[], index: number): InclusionProof {
  require(Number.isInteger(index) && index >= 0 && index < leaves.length, 'merkle/index', 'no leaf at this index');
  const siblings: bigint[] = [];
  let position = index;
  for (let level = leaves; level.length > 1; level = parents(kind, level), position >>>= 1) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) siblings.push(sibling);
  }
  return { index, size: leaves.length, siblings };
}

/** True if `leaf` stands where the proof says in the tree of `root`. The size must come from a trusted place. */
export function verifyInclusion(kind: TreeKind, root: bigint, leaf: bigint, proof: InclusionProof): boolean {
  const { index, size, siblings } = proof;
  if (!Number.isSafeInteger(size) || !Number.isInteger(index) || index < 0 || index >= size) return false;
  let node = leaf;
  let used = 0;
  for (
    let [position, width] = [index, size];
    width > 1;
    position = Math.floor(position / 2), width = Math.ceil(width / 2)
  ) {
    if (position === width - 1 && position % 2 === 0) continue; // promoted
    const sibling = siblings[used++];
    if (sibling === undefined) return false;
    node = position % 2 === 0 ? parent(kind, node, sibling) : parent(kind, sibling, node);
  }
  return used === siblings.length && node === root;
}

function parents(kind: TreeKind, level: readonly bigint[]): bigint[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
    const right = level[2 * i + 1];
    return right === undefined ? at(level, 2 * i) : parent(kind, at(level, 2 * i), right);
  });
}

function parent(kind: TreeKind, left: bigint, right: bigint): bigint {
  return decodeNumber(keccak256(concatBytes(kind.nodeTag, encodeWord(left), encodeWord(right))));
}
