import { decodeHex, encodeWord } from '../encoding.ts';
import { WordList, sortedWords } from '../word-list.ts';
import { REGISTRATION_TREE, addLeaf, growTree, grownRoot } from './merkle.ts';
import { registrationLeaf } from './registration-file.ts';
import type { RegisterEvents } from './registration-lines.ts';

/** Words of a file in its order, and how many of them belong to each district: the file goes by district. */
export interface DistrictWords {
  readonly words: WordList;
  readonly counts: readonly number[];
}

/** What must be known of a whole file before its lines can be judged, and what the roll needs of it; a hundred bytes an entry at most. */
export interface RegistrationSurvey {
  readonly entries: number;
  /** Merkle root of the file (SPEC §5.6). */
  readonly root: bigint;
  /** Commitments of all registrations. */
  readonly commitments: DistrictWords;
  /** Revoked credentials that have a replacement, and these. */
  readonly replaced: DistrictWords;
  readonly replacements: DistrictWords;
}

/** Reads a file through once. @param districts - how many there are; entries of others are counted and hashed only @throws as reading does */
export async function surveyRegistrations(events: RegisterEvents, districts: number): Promise<RegistrationSurvey> {
  const tree = growTree(REGISTRATION_TREE);
  const start = (): { words: WordList; counts: number[] } => ({
    words: new WordList(),
    counts: Array.from({ length: districts }, () => 0),
  });
  const [commitments, replaced, replacements] = [start(), start(), start()];
  const add = ({ words, counts }: typeof commitments, district: number, word: Uint8Array): void => {
    words.push(word);
    if (district < districts) counts[district] = (counts[district] ?? 0) + 1;
  };
  for await (const entry of events) {
    addLeaf(tree, registrationLeaf(entry));
    const { district } = entry;
    if ('signature' in entry) add(commitments, district, encodeWord(entry.commitment));
    else if (entry.replacement !== null) {
      add(replaced, district, decodeHex(entry.credentialKey, 32));
      add(replacements, district, decodeHex(entry.replacement, 32));
    }
  }
  return { entries: tree.size, root: grownRoot(tree), commitments, replaced, replacements };
}

/** Where a district's words stand: from `start` to before `end`. Nowhere for a district that there is not. */
export function rangeOf({ counts }: DistrictWords, district: number): readonly [start: number, end: number] {
  const start = counts.slice(0, district).reduce((sum, count) => sum + count, 0);
  return [start, start + (counts[district] ?? 0)];
}

/** Commitments that a file registers, by district, ascending: the leaves of their rolls. Hashes nothing. @throws as reading does */
export async function registeredMembers(events: RegisterEvents, districts: number): Promise<WordList[]> {
  const members = Array.from({ length: districts }, () => new WordList());
  for await (const entry of events) {
    if ('signature' in entry) members[entry.district]?.push(encodeWord(entry.commitment));
  }
  return members.map(sortedWords);
}

/** {@link registeredMembers} of a file that was surveyed. */
export function surveyedMembers({ commitments }: RegistrationSurvey): WordList[] {
  return commitments.counts.map((_, district) => {
    const own = new WordList();
    const [start, end] = rangeOf(commitments, district);
    for (let i = start; i < end; i++) own.push(commitments.words.at(i));
    return sortedWords(own);
  });
}
