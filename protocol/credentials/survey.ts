import { decodeHex, encodeWord } from '../encoding.ts';
import { WordList, sortedWords } from '../word-list.ts';
import { REGISTRATION_TREE, addLeaf, growTree, grownRoot } from './merkle.ts';
import type { RegisterEvent } from './register.ts';
import { registrationLeaf } from './registration-file.ts';
import type { RegisterEvents } from './registration-lines.ts';

/** Words of a file in its order, and how many of them belong to each district: the file goes by district. */
export interface DistrictWords {
  readonly words: WordList;
  readonly counts: readonly number[];
}

/** What must be known of a whole file before its lines can be judged, and what the roll needs of it; a hundred bytes an entry at most, which reading bounds. */
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

/** Hashes entries to leaves of the file's tree, in their order. Whoever has threads gives one that uses them: it is half of the work of reading a file. */
export type LeafHasher = (entries: readonly RegisterEvent[]) => Promise<readonly bigint[]>;

/** Hashes in this thread. */
export const leavesHere: LeafHasher = (entries) => Promise.resolve(entries.map(registrationLeaf));

/** Entries that are hashed together, and batches under way at most: so much is in memory. */
const [BATCH, UNDER_WAY] = [512, 8] as const;

/**
 * Reads a file through once.
 *
 * @param districts - how many there are; entries of others are counted and hashed only
 * @throws as reading does
 */
export async function surveyRegistrations(
  events: RegisterEvents,
  districts: number,
  hash = leavesHere,
): Promise<RegistrationSurvey> {
  const tree = new LeafTree(hash);
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
    await tree.add(entry);
    const { district } = entry;
    if ('signature' in entry) add(commitments, district, encodeWord(entry.commitment));
    else if (entry.replacement !== null) {
      add(replaced, district, decodeHex(entry.credentialKey, 32));
      add(replacements, district, decodeHex(entry.replacement, 32));
    }
  }
  const { size, root } = await tree.end();
  return { entries: size, root, commitments, replaced, replacements };
}

/** The file's tree, whose leaves are hashed in batches, several at a time, and added in their order. */
class LeafTree {
  readonly #hash: LeafHasher;
  readonly #tree = growTree(REGISTRATION_TREE);
  readonly #hashing: Promise<readonly bigint[]>[] = [];
  #batch: RegisterEvent[] = [];

  constructor(hash: LeafHasher) {
    this.#hash = hash;
  }

  async add(entry: RegisterEvent): Promise<void> {
    this.#batch.push(entry);
    if (this.#batch.length < BATCH) return;
    this.#send();
    if (this.#hashing.length >= UNDER_WAY) await this.#take();
  }

  async end(): Promise<{ readonly size: number; readonly root: bigint }> {
    this.#send();
    while (this.#hashing.length > 0) await this.#take();
    return { size: this.#tree.size, root: grownRoot(this.#tree) };
  }

  #send(): void {
    if (this.#batch.length === 0) return;
    const leaves = this.#hash(this.#batch);
    // Whoever waits for it hears of it; nobody may wait any more once reading has failed.
    leaves.catch(() => undefined);
    this.#hashing.push(leaves);
    this.#batch = [];
  }

  async #take(): Promise<void> {
    for (const leaf of (await this.#hashing.shift()) ?? []) addLeaf(this.#tree, leaf);
  }
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
