import { concatBytes, decodeHex, decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { decodeRlp, encodeRlp, numberBytes, rlpBytes, rlpList } from '../../../protocol/seals/rlp.ts';
import { decodeSeals, encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { storageRoot, storedWord } from '../../../protocol/seals/state.ts';
import { trieNodes, trieValue } from '../../../protocol/seals/trie.ts';
import type { MadeTrie } from './make-trie.ts';
import { makeTrie } from './make-trie.ts';
import { FIELD, fieldsOf, reseal, turnsFrom } from './reseal.ts';
import type { SealedElection } from './vector.ts';

const hashOf = (...words: readonly bigint[]): bigint => decodeNumber(keccak256(concatBytes(...words.map(encodeWord))));

/** Where `Election` keeps acts and flags, the number of closing times, and these, four a word (SPEC §14.8). */
export const ACTS = 11n;
export const CLOSINGS = 12n;
export const closingPlace = (word: number): bigint => hashOf(CLOSINGS) + BigInt(word);

/** Where `Ballots` keeps what it knows of a poll of one lane: `size` and flags, x and y of K_poll, x and y of R and of C_0. */
export function pollPlaces(poll: number): {
  readonly size: bigint;
  readonly key: readonly bigint[];
  readonly sums: readonly bigint[];
} {
  const size = hashOf(BigInt(poll), 2n);
  const list = hashOf(size + 3n);
  return { size, key: [1n, 2n].map((i) => size + i), sums: [0n, 1n, 2n, 3n].map((i) => list + i) };
}

/** Words of the two contracts' storages by their places; one that is 0 stands in no trie. */
export interface StateWords {
  readonly election: Map<bigint, bigint>;
  readonly ballots: Map<bigint, bigint>;
}

/** The words that a verifier reads, as the chain's state has them. */
function trueWords(nodes: ReturnType<typeof trieNodes>, state: Uint8Array, places: StatePlaces): StateWords {
  const read = (address: Hex, all: readonly bigint[]): Map<bigint, bigint> => {
    const root = storageRoot(nodes, state, address)!;
    return new Map(all.map((place) => [place, storedWord(nodes, root, place)]));
  };
  const polls = [0, 1].map(pollPlaces).flatMap(({ size, key, sums }) => [size, ...key, ...sums]);
  return {
    election: read(places.election, [ACTS, CLOSINGS, closingPlace(0)]),
    ballots: read(places.ballots, polls),
  };
}

interface StatePlaces {
  readonly election: Hex;
  readonly ballots: Hex;
}

/** How a forger makes a state, where not as the chain does. */
export interface StateForgery {
  /** The trie of the election's words. */
  readonly storage?: (words: ReadonlyMap<bigint, bigint>) => MadeTrie;
  /** Changes members of the election's account. */
  readonly account?: (fields: Rlp[]) => unknown;
  /** Which of the two contracts has no account. */
  readonly isLost?: keyof StateWords;
}

/** A state that holds what `change` makes of the true words and nothing else, sealed by all validators in turn. */
export function withState(
  election: SealedElection,
  change: (words: StateWords) => unknown,
  { storage = makeStorage, account = () => undefined, isLost }: StateForgery = {},
): SealedElection {
  const { headers, nodes } = decodeSeals(election.evidence.seals ?? new Uint8Array());
  const known = trieNodes(nodes);
  const state = rlpBytes(fieldsOf(at(headers, 0))[FIELD.stateRoot]);
  const { data: contracts } = election.entries.find(
    (entry): entry is Extract<Entry, { kind: 'defined' }> => entry.kind === 'defined',
  )!;
  const words = trueWords(known, state, contracts);
  change(words);
  const tries = [storage(words.election), makeStorage(words.ballots)];
  const accounts = [contracts.election, contracts.ballots].map((address, i) => {
    const fields = [...rlpList(decodeRlp(trieValue(known, state, decodeHex(address, 20))!))];
    fields[2] = at(tries, i).root;
    if (i === 0) account(fields);
    return [decodeHex(address, 20), encodeRlp(fields)] as const;
  });
  const forged = makeTrie(accounts.filter((_, i) => i !== (isLost && ['election', 'ballots'].indexOf(isLost))));
  const run = reseal(headers, election.keys, {
    sealers: turnsFrom(headers, election.keys),
    change: (fields, index) => {
      if (index === 0) fields[FIELD.stateRoot] = forged.root;
    },
  });
  const all = [...tries.flatMap((trie) => trie.nodes), ...forged.nodes];
  return { ...election, evidence: { ...election.evidence, seals: encodeSeals({ headers: run, nodes: all }) } };
}

/** A storage's trie, as the chain makes it. */
export function makeStorage(words: ReadonlyMap<bigint, bigint>): MadeTrie {
  const stored = [...words].filter(([, word]) => word !== 0n);
  return makeTrie(stored.map(([place, word]) => [encodeWord(place), encodeRlp(numberBytes(word))] as const));
}

/** Adds to a word; to none, the word is put there. */
export function add(words: Map<bigint, bigint>, place: bigint, number: bigint): void {
  words.set(place, (words.get(place) ?? 0n) + number);
}
