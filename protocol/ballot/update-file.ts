import { ciphertextWords } from './ciphertext.ts';
import { pollMembers, readPollPlace } from './poll-place.ts';
import type { PollPlace } from './poll-place.ts';
import type { ProvedUpdate } from './prove.ts';
import type { SlotState } from './slot.ts';
import { canonicalJson, parseCanonical } from '../canonical-json.ts';
import { decodeUpdates } from '../checks/replay/update-words.ts';
import type { SentUpdate } from '../checks/replay/update-words.ts';
import { concatBytes, decodeHex, encodeHex, encodeWord } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { at, require } from '../errors.ts';
import { readMembers } from '../json-members.ts';

const TYPE = 'urna/v1/update';
const CODE = 'update/file';

/** A slot update on its way from a voter to a box: words exactly as in calldata (SPEC §11). */
export interface UpdateFile extends PollPlace {
  /** True for the first update of a slot. */
  readonly first: boolean;
  readonly words: Hex;
}

/** The words of a proved update. @param state - of the slot before it with the head before that; undefined for an empty slot */
export function updateWords(
  { update, proof }: ProvedUpdate,
  state: (SlotState & { readonly previousHead: bigint }) | undefined,
): bigint[] {
  const before = state === undefined ? [] : [state.previousHead, ...ciphertextWords(state.ciphertext)];
  return [update.nullifier, ...before, ...ciphertextWords(update.next), ...proof];
}

/** The file of an update's words. */
export function encodeUpdateFile({ first, words, ...place }: UpdateFile): string {
  return canonicalJson({ type: TYPE, ...pollMembers(place), first, words });
}

/** `0x` hex of words. */
export function wordsHex(words: readonly bigint[]): Hex {
  return encodeHex(concatBytes(...words.map(encodeWord)));
}

/** Strict inverse of {@link encodeUpdateFile}; what the words hold, {@link sentUpdate} checks. @throws `update/file`, `encoding/hex`, `json/*` */
export function decodeUpdateFile(text: string): UpdateFile {
  const file = readMembers(parseCanonical(text), ['chainId', 'election', 'poll', 'first', 'words', 'type'], CODE);
  require(file.type === TYPE, CODE, `not a file of type ${TYPE}`);
  require(typeof file.first === 'boolean', CODE, '"first" must be true or false');
  return { ...readPollPlace(file, CODE), first: file.first, words: encodeHex(decodeHex(file.words)) };
}

/** The update that the words say, exactly one. @throws `update/file`, `updates/length`, `updates/signal` */
export function sentUpdate({ first, words }: UpdateFile, lanes: number): SentUpdate {
  const updates = decodeUpdates(lanes, first ? words : '0x', first ? '0x' : words);
  require(updates.length === 1, CODE, 'a file holds exactly one update');
  return at(updates, 0);
}
