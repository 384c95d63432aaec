import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { encodeRlp } from '../../../protocol/seals/rlp.ts';

type Pair = readonly [path: readonly number[], value: Uint8Array];

/** Nodes of a trie and the hash of its root. */
export interface MadeTrie {
  readonly root: Uint8Array;
  readonly nodes: readonly Uint8Array[];
}

/** A Merkle-Patricia trie of a few entries, as Ethereum's: keys are hashed. @returns its root and nodes; every node has 32 bytes or more */
export function makeTrie(entries: readonly (readonly [key: Uint8Array, value: Uint8Array])[]): MadeTrie {
  return trieOf(entries.map(([key, value]) => [pathOf(key), value] as const));
}

/** A trie of values by their paths. */
export function trieOf(entries: readonly Pair[]): MadeTrie {
  const nodes: Uint8Array[] = [];
  const store = (node: Rlp): Uint8Array => {
    const bytes = encodeRlp(node);
    nodes.push(bytes);
    return keccak256(bytes);
  };
  const build = (pairs: readonly Pair[]): Uint8Array => {
    const [first] = pairs;
    if (first === undefined) return new Uint8Array();
    if (pairs.length === 1) return store([encodePath(first[0], true), first[1]]);
    const shared = first[0].findIndex((nibble, i) => pairs.some(([path]) => path[i] !== nibble));
    const cut = (count: number) => (pair: Pair) => [pair[0].slice(count), pair[1]] as const;
    if (shared > 0) return store([encodePath(first[0].slice(0, shared), false), build(pairs.map(cut(shared)))]);
    const children = Array.from({ length: 16 }, (_, nibble) =>
      build(pairs.filter(([path]) => path[0] === nibble).map(cut(1))),
    );
    return store([...children, new Uint8Array()]);
  };
  return { root: build(entries), nodes };
}

/** The path of a key: nibbles of its hash. */
export function pathOf(key: Uint8Array): number[] {
  return [...keccak256(key)].flatMap((byte) => [byte >> 4, byte & 15]);
}

/** Hex-prefix encoding (yellow paper, appendix C). @param flag - what the first nibble says, where it is not to say the truth */
export function encodePath(
  path: readonly number[],
  isLeaf: boolean,
  flag = (isLeaf ? 2 : 0) + (path.length % 2),
): Uint8Array {
  const all = path.length % 2 === 1 ? [flag, ...path] : [flag, 0, ...path];
  return Uint8Array.from({ length: all.length / 2 }, (_, i) => 16 * at(all, 2 * i) + at(all, 2 * i + 1));
}
