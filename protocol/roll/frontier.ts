import { at, require } from '../errors.ts';
import type { Field } from '../math/field.ts';
import type { Poseidon } from '../math/poseidon.ts';
import { MAX_MEMBERS } from './members.ts';

/**
 * What the contract keeps of a growing tree: for each set bit of `size`, the root of that complete subtree
 * (`nodes[height]`, the rest undefined), and the last leaf, for the comparison of order. Twin of `Roll.sol`.
 */
export interface Frontier {
  readonly size: number;
  readonly nodes: readonly (Field | undefined)[];
  readonly last: Field;
}

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [], last: 0n as Field };

/**
 * The frontier after `leaves`.
 *
 * @throws `roll/size`, `roll/order` unless every leaf is greater than the one before it
 */
export function append(poseidon: Poseidon, frontier: Frontier, leaves: readonly Field[]): Frontier {
  require(frontier.size + leaves.length <= MAX_MEMBERS, 'roll/size', `a roll has at most ${MAX_MEMBERS} members`);
  const nodes = [...frontier.nodes];
  let { size, last } = frontier;
  for (const leaf of leaves) {
    require(leaf > last, 'roll/order', `member ${size} is out of order`);
    last = leaf;
    carry(poseidon, nodes, size, leaf);
    size += 1;
  }
  return { size, nodes, last };
}

/** Adds one leaf as in binary counting: full subtrees of one height become one of the next. */
function carry(poseidon: Poseidon, nodes: (Field | undefined)[], size: number, leaf: Field): void {
  let node = leaf;
  let height = 0;
  for (; (size >> height) % 2 === 1; height++) {
    node = poseidon([at(nodes as readonly Field[], height), node]);
    nodes[height] = undefined;
  }
  nodes[height] = node;
}

/** The LeanIMT root of leaves in whatever order they come, log n nodes in memory; 0 if there are none. */
export function rootOfLeaves(poseidon: Poseidon, leaves: Iterable<Field>): Field {
  const nodes: (Field | undefined)[] = [];
  let size = 0;
  for (const leaf of leaves) carry(poseidon, nodes, size++, leaf);
  return frontierRoot(poseidon, { nodes });
}

/** The LeanIMT root of all leaves so far: the subtrees, smallest first, hashed into the next larger; 0 if there are none. */
export function frontierRoot(poseidon: Poseidon, { nodes }: Pick<Frontier, 'nodes'>): Field {
  const subtrees = nodes.filter((node) => node !== undefined);
  return subtrees.slice(1).reduce((right, left) => poseidon([left, right]), subtrees[0] ?? (0n as Field));
}
