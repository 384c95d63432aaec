import type { Entry, EntryKind } from '../../../../protocol/record/entry.ts';
import { START } from './plan.ts';
import type { Loose } from './sign.ts';
import { anchor, signActs, signSteps } from './sign.ts';
import type { HeldEvidence, World } from './world.ts';

/** A copy of the world's record that a forger bends, with the world's keys at hand. */
export interface Forgery {
  readonly world: World;
  entries: Loose[];
  evidence: { -readonly [K in keyof HeldEvidence]: HeldEvidence[K] };
}

/** A copy, by way of JSON: jest's own cloning makes objects of another realm, which are no plain objects here. */
export function clone<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function copyOf(world: World): Forgery {
  const entries = clone(world.entries) as unknown as Loose[];
  return { world, entries, evidence: { ...world.evidence } };
}

/** The `index`-th entry of a kind; negative ones count from the end. */
export function find({ entries }: Forgery, kind: EntryKind, index = 0): Loose {
  const found = entries.filter((entry) => entry.kind === kind).at(index);
  if (found === undefined) throw new Error(`the world has no ${kind} number ${index}`);
  return found;
}

/** Signs every act and step again, as whoever holds all keys could. @param domain - where; default the world's chain */
export function resign({ entries, world }: Forgery, domain = world.domain): void {
  signActs(entries, world.parties, domain);
  signSteps(entries, world.parties, domain);
}

/** Makes anchors those of the forged record: its chain of hashes is the last thing a forger puts right. @param domain - as {@link resign} */
export function reanchor({ entries, world }: Forgery, domain = world.domain): void {
  anchor(entries, world.parties, domain);
}

/** Puts a copy of `entry`, with other data, before the entry at `place`, and numbers all entries again. */
export function insertBefore(forgery: Forgery, place: Loose, kind: EntryKind, data: unknown): void {
  const index = forgery.entries.indexOf(place);
  const { block, time } = forgery.entries[index] ?? place;
  forgery.entries.splice(index, 0, { ...clone(place), block, time, kind, data });
  renumber(forgery);
}

/** Numbers all entries by their places. */
export function renumber({ entries }: Forgery): void {
  entries.forEach((entry, seq) => (entry.seq = seq));
}

/** Moves an entry to another second, counted from {@link START}. */
export function retime(entry: Loose, seconds: number): void {
  entry.time = START + seconds;
}

/** `0x` hex with its last digit changed: still well-formed. */
export function altered(hex: string): string {
  return `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`;
}

/** The forged entries as a record. */
export function recordOf({ entries }: Forgery): readonly Entry[] {
  return entries as unknown as readonly Entry[];
}

/** Takes entries out and numbers the rest again. */
export function remove(forgery: Forgery, ...gone: readonly Loose[]): void {
  forgery.entries = forgery.entries.filter((entry) => !gone.includes(entry));
  renumber(forgery);
}

/** Ends the record with an entry of this kind. */
export function cutAfter(forgery: Forgery, kind: EntryKind, index = 0): void {
  remove(forgery, ...forgery.entries.slice(forgery.entries.indexOf(find(forgery, kind, index)) + 1));
}
