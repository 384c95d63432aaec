import { encodeHex, equalBytes } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import type { Rlp } from './rlp.ts';
import { decodeRlp, rlpBytes, rlpList } from './rlp.ts';

/** Root of a Merkle-Patricia trie without entries: keccak256 of the empty item. */
const EMPTY_ROOT = keccak256(Uint8Array.of(0x80));

/** Nodes of tries by the hash that names them: whoever gives them can leave some out, and change none. */
export type TrieNodes = ReadonlyMap<string, Uint8Array>;

/** @param nodes - their encodings, in any order */
export function trieNodes(nodes: readonly Uint8Array[]): TrieNodes {
  return new Map(nodes.map((node) => [encodeHex(keccak256(node)), node]));
}

/**
 * What a trie of this root holds under a key (yellow paper, appendix D; keys are hashed, as in Ethereum's state and storage).
 *
 * @returns undefined where the trie shows that it holds nothing there
 * @throws `seals/proof` where a node on the way is missing; `seals/rlp`, `seals/proof` for what is no node
 */
export function trieValue(nodes: TrieNodes, root: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  if (equalBytes(root, EMPTY_ROOT)) return undefined;
  const path = nibblesOf(keccak256(key));
  let node = nodeOf(nodes, root);
  let at = 0;
  for (;;) {
    if (node.length === 17) {
      const next = node[path[at] ?? 16];
      at += 1;
      if (next === undefined || at > path.length) throw new UrnaError('seals/proof', 'a path that does not end');
      if (next instanceof Uint8Array && next.length === 0) return undefined;
      node = childOf(nodes, next);
      continue;
    }
    const { nibbles, isLeaf } = decodePath(rlpBytes(rlpList(node, 2)[0]));
    const same = nibbles.every((nibble, i) => path[at + i] === nibble);
    at += nibbles.length;
    if (isLeaf) return same && at === path.length ? rlpBytes(node[1]) : undefined;
    if (!same) return undefined;
    node = childOf(nodes, node[1] ?? []);
  }
}

/** A node stands in its parent by its hash, or itself where it has fewer than 32 bytes. */
function childOf(nodes: TrieNodes, child: Rlp): readonly Rlp[] {
  return child instanceof Uint8Array ? nodeOf(nodes, rlpBytes(child, 32)) : child;
}

function nodeOf(nodes: TrieNodes, hash: Uint8Array): readonly Rlp[] {
  const bytes = nodes.get(encodeHex(hash));
  if (bytes === undefined) throw new UrnaError('seals/proof', 'a node of the state is missing');
  return rlpList(decodeRlp(bytes));
}

/** The hex-prefix encoding of a leaf's or extension's part of the path. */
function decodePath(bytes: Uint8Array): { readonly nibbles: readonly number[]; readonly isLeaf: boolean } {
  const all = nibblesOf(bytes);
  const [flags = 16, padding] = all;
  const isOdd = flags % 2 === 1;
  require(flags < 4 && (isOdd || padding === 0), 'seals/proof', 'a node of the state has no path');
  const nibbles = all.slice(isOdd ? 1 : 2);
  require(flags >= 2 || nibbles.length > 0, 'seals/proof', 'a node of the state has no path');
  return { nibbles, isLeaf: flags >= 2 };
}

function nibblesOf(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}
