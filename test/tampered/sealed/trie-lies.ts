import { encodeWord } from '../../../protocol/encoding.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { encodeRlp, numberBytes } from '../../../protocol/seals/rlp.ts';
import type { SealLie } from './lie.ts';
import { lie, right } from './lie.ts';
import type { MadeTrie } from './make-trie.ts';
import { encodePath, makeTrie, pathOf, trieOf } from './make-trie.ts';
import { ACTS, CLOSINGS, withState } from './state.ts';

/** The way to the word of acts, which is the first that is read. */
const PATH = pathOf(encodeWord(ACTS));
const [FIRST = 0] = PATH;
const VALUE = Uint8Array.of(7);
const EMPTY = new Uint8Array();

/** A storage whose root is this node. @param more - nodes below it */
function rooted(root: Rlp, ...more: readonly Uint8Array[]): MadeTrie {
  const node = encodeRlp(root);
  return { root: keccak256(node), nodes: [node, ...more] };
}

/** A branch with one child. */
function branch(nibble: number, child: Rlp): Rlp[] {
  return [...Array.from({ length: 16 }, (_, i) => (i === nibble ? child : EMPTY)), EMPTY];
}

const tried = (words: string, says: string, storage: () => MadeTrie): SealLie =>
  lie(words, says, (e) => withState(e, () => undefined, { storage }));

/**
 * A storage in which another word stands so near to the place of acts that the way there has a part in common.
 *
 * @param turn - by how much the third nibble of that part is another than it should be
 */
function crowded(words: ReadonlyMap<bigint, bigint>, turn = 0): MadeTrie {
  const isNear = (path: readonly number[]): boolean => path.slice(0, 3).join() === PATH.slice(0, 3).join();
  let place = CLOSINGS + 1n;
  while (!isNear(pathOf(encodeWord(place)))) place += 1n;
  const all = [...words, [place, 1n] as const].filter(([, word]) => word !== 0n);
  return trieOf(
    all.map(([each, word]) => {
      const path = pathOf(encodeWord(each));
      const [a = 0, b = 0, c = 0, ...rest] = path;
      return [isNear(path) ? [a, b, (c + turn) % 16, ...rest] : path, encodeRlp(numberBytes(word))] as const;
    }),
  );
}

/** The storage with another item in place of one of its words. */
function stored(words: ReadonlyMap<bigint, bigint>, value: Rlp): MadeTrie {
  const items = [...words].map(([place, word]): readonly [Uint8Array, Uint8Array] => [
    encodeWord(place),
    encodeRlp(place === ACTS ? value : numberBytes(word)),
  ]);
  return makeTrie(items);
}

/** Branches all along the way to acts, and this node at its end. */
function endless(end: Uint8Array): MadeTrie {
  const nodes = [end];
  let child = keccak256(end);
  for (const nibble of [...PATH].reverse()) {
    const node = encodeRlp(branch(nibble, child));
    nodes.push(node);
    child = keccak256(node);
  }
  return { root: child, nodes };
}

/** What stands in the nodes of a state that validators sealed: lies about its form, and what is unusual and right. */
export const TRIE_LIES: readonly SealLie[] = [
  right('words stand near each other', (e) => withState(e, () => undefined, { storage: (words) => crowded(words) })),
  lie('the way to the acts leads elsewhere', 'other acts', (e) =>
    withState(e, () => undefined, { storage: (words) => crowded(words, 1) }),
  ),
  tried('there is no word but that of acts', 'other acts', () => rooted([encodePath(PATH, true), VALUE])),
  lie('a leaf has a way that is too short', 'other acts', (e) =>
    withState(e, () => undefined, {
      storage: (words) =>
        trieOf(
          [...words].map(([place, word]) => {
            const path = pathOf(encodeWord(place));
            return [place === ACTS ? path.slice(0, 62) : path, encodeRlp(numberBytes(word))] as const;
          }),
        ),
    }),
  ),
  tried('a leaf stands below 64 branches', 'other acts', () => endless(encodeRlp([encodePath([], true), VALUE]))),
  tried('a leaf has a way that is too long', 'other acts', () => rooted([encodePath([...PATH, 0, 0], true), VALUE])),
  tried('a child stands in its branch', 'other acts', () =>
    rooted(branch(FIRST, [encodePath(PATH.slice(1), true), VALUE])),
  ),
  tried('a child is no node', '31 bytes', () => rooted(branch(FIRST, new Uint8Array(31).fill(1)))),
  tried('an extension leads to no node', '0 bytes', () => rooted([encodePath(PATH.slice(0, 4), false), EMPTY])),
  tried('a way says neither leaf nor extension', 'has no path', () => rooted([encodePath(PATH, true, 4), VALUE])),
  tried('a way begins with what is not empty', 'has no path', () => {
    const way = encodePath(PATH, true);
    return rooted([Uint8Array.from([way[0]! + 1, ...way.subarray(1)]), VALUE]);
  }),
  tried('an extension has no way', 'has no path', () => {
    const leaf = encodeRlp([encodePath(PATH, true), VALUE]);
    return rooted([encodePath([], false), keccak256(leaf)], leaf);
  }),
  tried('a node has an empty way', 'has no path', () => rooted([EMPTY, VALUE])),
  tried('a node’s way is a list', 'a list stands', () => rooted([[], VALUE])),
  tried('a leaf holds a list', 'a list stands', () => rooted([encodePath(PATH, true), [VALUE]])),
  tried('a node has three members', '3 items', () => rooted([encodePath(PATH, true), VALUE, VALUE])),
  tried('a branch has 16 members', '16 items', () => rooted(branch(FIRST, EMPTY).slice(1))),
  tried('a node is bytes', 'bytes stand where', () => rooted(VALUE)),
  tried('a node is no RLP', 'RLP', () => ({ root: keccak256(Uint8Array.of(0xc1)), nodes: [Uint8Array.of(0xc1)] })),
  tried('a way does not end', 'does not end', () => endless(encodeRlp(branch(0, EMPTY)))),
  tried('a way ends in a branch', 'does not end', () => {
    const end = encodeRlp(branch(0, keccak256(VALUE)));
    return rooted([encodePath(PATH, false), keccak256(end)], end);
  }),
  ...(
    [
      ['a word begins with a zero', 'shortest form', Uint8Array.of(0, 9)],
      ['a word has 33 bytes', 'shortest form', new Uint8Array(33).fill(1)],
      ['a word is a list', 'a list stands', [VALUE]],
    ] as const
  ).map(([words, says, value]) =>
    lie(words, says, (e) => withState(e, () => undefined, { storage: (all) => stored(all, value) })),
  ),
  lie('an account has five members', '5 items', (e) =>
    withState(e, () => undefined, { account: (fields) => fields.push(EMPTY) }),
  ),
  lie('an account’s storage has 31 bytes', '31 bytes', (e) =>
    withState(e, () => undefined, { account: (fields) => (fields[2] = new Uint8Array(31).fill(1)) }),
  ),
  lie('the election’s account has no storage', 'other acts', (e) =>
    withState(e, () => undefined, { account: (fields) => (fields[2] = keccak256(Uint8Array.of(0x80))) }),
  ),
];
