import { parseJson } from '../canonical-json.ts';
import type { Json } from '../canonical-json.ts';
import { decodeWord } from '../encoding.ts';
import { readIndex, readMembers } from '../json-members.ts';
import { toPoint } from '../math/curve.ts';
import { toField } from '../math/field.ts';
import type { Field } from '../math/field.ts';
import { at, require } from '../errors.ts';
import { shuffle } from '../random.ts';
import type { RandomBytes } from '../random.ts';
import { groupCount, groupOf } from '../ballot/slot-groups.ts';
import { nextHead } from '../ballot/slot.ts';
import type { SlotState } from '../ballot/slot.ts';
import { readAnswer } from './reader.ts';
import type { Reader } from './reader.ts';

/** An honest group is hardly larger than this; nullifiers of strangers cannot be chosen to crowd one. */
const MAX_SLOTS = 8192;
const CODE = 'public/slots';

/** What a slot that is not empty holds, and what its next update needs. */
export interface HeldSlot extends SlotState {
  /** Head before its last update: with the ciphertext it hashes to `head`. */
  readonly previousHead: bigint;
  /** Of its last update. */
  readonly round: number;
}

/** Which slot to look for, and with which others. Secret. */
export interface SlotSearch {
  readonly poll: number;
  /** In which the roll was sealed: no group is of an earlier block. */
  readonly sealedAt: number;
  /** Of the poll's district. */
  readonly members: number;
  readonly lanes: number;
  readonly nullifier: Field;
  /** Of this identity and poll. */
  readonly decoys: readonly Field[];
}

/**
 * What a slot holds according to a public service, undefined if it is empty (SPEC §17.4). Whole groups are read, the decoys' too, in random
 * order and none but whole; a lie about any of them shows alike, whichever is the own. That the service is up to date nothing proves: a box
 * refuses an update of what is no longer so (`update/stale`, `update/occupied`, `update/empty`).
 *
 * @throws `public/slots` for groups that are not those asked for, or whose slots contradict themselves
 */
export async function readHeldSlot(
  read: Reader,
  { poll, sealedAt, members, lanes, nullifier, decoys }: SlotSearch,
  random: RandomBytes,
): Promise<HeldSlot | undefined> {
  const groups = groupCount(members);
  const own = groupOf(nullifier, groups);
  const wanted = new Set([nullifier, ...decoys].map((slot) => groupOf(slot, groups)));
  let found: HeldSlot | undefined;
  for (const group of shuffle([...wanted], random)) {
    const bytes = await read(`/v1/slots/${poll}/${group}`, 4096 + MAX_SLOTS * (512 + 140 * (lanes + 1)));
    const slots = readAnswer(CODE, () => decodeGroup(bytes, { poll, group, groups, lanes }, sealedAt));
    if (group === own) found = slots.get(nullifier);
  }
  const held = found;
  if (held !== undefined) readAnswer(CODE, () => requirePoints(held));
  return held;
}

/** Slots of a group, by number. All of them are judged: a fault in the own one alone would show whose it is. */
function decodeGroup(
  bytes: Uint8Array,
  { poll, group, groups, lanes }: Readonly<Record<'poll' | 'group' | 'groups' | 'lanes', number>>,
  sealedAt: number,
): ReadonlyMap<bigint, HeldSlot> {
  const answer = readMembers(parseJson(bytes), ['block', 'group', 'groups', 'poll', 'slots'], CODE);
  const isAsked = answer.poll === poll && answer.group === group && answer.groups === groups;
  require(isAsked, CODE, 'the service gave another group of slots than it was asked for');
  const isRecent = readIndex(answer.block, CODE) >= sealedAt;
  require(isRecent, CODE, 'the group is of a block before the roll was sealed: the service is behind');
  require(Array.isArray(answer.slots), CODE, 'a group without a list of slots');
  const slots = new Map<bigint, HeldSlot>();
  for (const row of answer.slots as readonly Json[]) {
    const slot = toField(decodeWord(rowOf(row).slot));
    require(groupOf(slot, groups) === group && !slots.has(slot), CODE, 'a slot stands in another group, or twice');
    slots.set(slot, decodeSlot(row, lanes));
  }
  return slots;
}

function rowOf(row: Json | undefined) {
  return readMembers(row, ['ciphertext', 'head', 'previousHead', 'round', 'slot'], CODE);
}

/** Whether a ciphertext is made of points tells {@link requirePoints}: a millisecond a point is too much for thousands of slots. */
function decodeSlot(value: Json, lanes: number): HeldSlot {
  const row = rowOf(value);
  require(Array.isArray(row.ciphertext), CODE, 'a slot without a ciphertext');
  const words = (row.ciphertext as readonly Json[]).map(decodeWord);
  require(words.length === 2 * lanes + 2, CODE, 'the slot has not the poll’s number of lanes');
  const points = Array.from({ length: lanes + 1 }, (_, i) => ({ x: at(words, 2 * i), y: at(words, 2 * i + 1) }));
  const ciphertext = { R: at(points, 0), C: points.slice(1) };
  const [head, previousHead] = [toField(decodeWord(row.head)), decodeWord(row.previousHead)];
  require(nextHead(previousHead, ciphertext) === head, CODE, 'a slot’s ciphertext is not that of its head');
  return { head, previousHead, ciphertext, round: readIndex(row.round, CODE) };
}

/** Sums of masks may be O; no honest slot ever is, but the circuit allows it. */
function requirePoints({ ciphertext: { R, C } }: HeldSlot): void {
  for (const { x, y } of [R, ...C]) toPoint(x, y, { allowIdentity: true });
}
