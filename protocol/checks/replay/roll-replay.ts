import { decodeNumber, encodeWord } from '../../encoding.ts';
import { hashWords } from '../../hash.ts';
import type { Field } from '../../math/field.ts';
import { toField } from '../../math/field.ts';
import type { Poseidon } from '../../math/poseidon.ts';
import type { EntryData } from '../../record/entry.ts';
import { rootOfLeaves } from '../../roll/frontier.ts';
import { WordList } from '../../word-list.ts';

/** A version of the roll as its batches made it. */
export interface RollVersion {
  readonly version: number;
  readonly registrationsRoot: bigint;
  readonly reasonsHash: bigint;
  /** Commitments by district, in the order in which they were appended. */
  readonly members: readonly WordList[];
  /** Block time of its completion, once it is complete. */
  completedAt?: number;
  /** LeanIMT roots recomputed from `members` on completion; 0 for an empty district. */
  roots?: readonly Field[];
}

/** The roll after some prefix of the record. Owned and changed in place by the replay. */
export interface RollReplay {
  readonly districts: number;
  readonly versions: RollVersion[];
  sealed?: RollVersion;
}

export function startRoll(districts: number): RollReplay {
  return { districts, versions: [] };
}

/** The version begun last, if it has this number: entries that name another one take no effect (SPEC §15.4). */
export function newestVersion({ versions }: RollReplay, version: number): RollVersion | undefined {
  const newest = versions.at(-1);
  return newest?.version === version ? newest : undefined;
}

/** The version that the roll is as far as it goes: the sealed one, or the newest complete one while none is sealed. */
export function standingVersion({ versions, sealed }: RollReplay): RollVersion | undefined {
  return sealed ?? versions.findLast(({ completedAt }) => completedAt !== undefined);
}

export function beginVersion(roll: RollReplay, data: EntryData<'roll-begin'>): void {
  const { version, registrationsRoot, reasonsHash } = data;
  const members = Array.from({ length: roll.districts }, () => new WordList());
  roll.versions.push({
    version,
    registrationsRoot: BigInt(registrationsRoot),
    reasonsHash: BigInt(reasonsHash),
    members,
  });
}

/** The version while it is being built: what comes after its completion changes nothing (SPEC §15.4). */
function buildingVersion(roll: RollReplay, version: number): RollVersion | undefined {
  const named = newestVersion(roll, version);
  return named?.completedAt === undefined ? named : undefined;
}

/** Appends a batch whatever its order: whether it may stand there is for check 7 to say. @throws `field/range` */
export function appendMembers(roll: RollReplay, { version, district, commitments }: EntryData<'roll-members'>): void {
  const fields = commitments.map((commitment) => toField(BigInt(commitment)));
  const members = buildingVersion(roll, version)?.members[district];
  for (const field of fields) members?.push(encodeWord(field));
}

export function completeVersion(roll: RollReplay, poseidon: Poseidon, version: number, time: number): void {
  const complete = buildingVersion(roll, version);
  if (complete === undefined) return;
  complete.completedAt = time;
  complete.roots = complete.members.map((leaves) => rootOfLeaves(poseidon, toFields(leaves)));
}

/** Members as numbers, one after the other: they are below r, or they would not be in the list. */
export function* toFields(members: WordList): Generator<Field> {
  for (const member of members) yield decodeNumber(member) as Field;
}

/** Seals the newest version if it is the one named, and complete; the first seal stays (SPEC §15.4). */
export function sealVersion(roll: RollReplay, version: number): void {
  const named = newestVersion(roll, version);
  if (named?.roots !== undefined) roll.sealed ??= named;
}

/** `H("roots", …)` of SPEC §2. */
export function rootsHash(roots: readonly bigint[]): bigint {
  return hashWords('roots', roots);
}
