import type { Ciphertext } from '../../ballot/ciphertext.ts';
import { emptyCiphertext } from '../../ballot/ciphertext.ts';
import { nextHead } from '../../ballot/slot.ts';
import type { Hex } from '../../encoding.ts';
import { decodeWord } from '../../encoding.ts';
import { at } from '../../errors.ts';
import { hashWords } from '../../hash.ts';
import type { Point } from '../../math/curve.ts';
import { negate, sum } from '../../math/curve.ts';
import type { EntryOf } from '../../record/entry.ts';
import type { PollSetting } from './poll-constants.ts';
import type { Timeline } from './timeline.ts';
import { countedRound, inLastQuarter, roundAt } from './timeline.ts';
import { SlotTable } from './slot-table.ts';
import type { SentUpdate } from './update-words.ts';
import { decodeUpdates } from './update-words.ts';

/** A poll after some prefix of the record. Owned and changed in place by the replay. */
export interface PollReplay {
  readonly setting: PollSetting;
  /** Slot words `head·2^8 + round + 1` of the slots that are not empty, by nullifier (SPEC §2). */
  readonly slots: SlotTable;
  /** Sum of all slots' ciphertexts. */
  sums: Ciphertext;
}

/** Who may post when: the boxes and the hash that spreads slots over them (SPEC §2). */
export interface Posting {
  readonly timeline: Timeline;
  readonly boxes: readonly Hex[];
  readonly sealedRootsHash: bigint;
}

/** An update as the contract had to judge it. */
export interface JudgedUpdate {
  readonly index: number;
  readonly sent: SentUpdate;
  /** What the record says. */
  readonly skipped: boolean;
  /** Head of the slot state that its proof is for, by what was sent; 0 for an empty slot. */
  readonly head: bigint;
  /** Round of the slot's update before, undefined for an empty slot. */
  readonly updatedIn: number | undefined;
  /** Index of the slot's box in round 0. */
  readonly firstBox: number;
  /** Why the slot's state does not admit it. */
  readonly stateFault: string | undefined;
  /** Why round or sender do not admit it. */
  readonly roundFault: string | undefined;
}

export function startPoll(setting: PollSetting): PollReplay {
  return { setting, slots: new SlotTable(), sums: emptyCiphertext(setting.lanes) };
}

/** A batch of updates, judged in the state before it. */
export interface JudgedBatch {
  readonly updates: readonly JudgedUpdate[];
  /** The words of the slots that change. */
  readonly changed: ReadonlyMap<bigint, bigint>;
  /** The round that they count for (SPEC §15.4). */
  readonly round: number;
}

/** What a slot's word has room for beside the head (SPEC §2). The contract's rounds stay far below. */
const MOST_STAMP = 0xff;

/** Index of the box that a slot belongs to in a round (SPEC §2). */
export function boxOfSlot(sealedRootsHash: bigint, slot: bigint, round: number, boxes: number): number {
  const start = hashWords('box', [sealedRootsHash, slot]) >> 1n;
  return Number((start + BigInt(round)) % BigInt(boxes));
}

/**
 * Judges the updates of one transaction in order, each in the state that those before it left: those that the record
 * says took effect. Changes nothing.
 *
 * @throws `updates/length`, `updates/signal`
 */
export function judgeUpdates(
  poll: PollReplay,
  { time, data }: Pick<EntryOf<'updates'>, 'time' | 'data'>,
  posting: Posting,
): JudgedBatch {
  const { setting, slots } = poll;
  const skippedBits = decodeWord(data.skipped);
  const round = countedRound(posting.timeline, time);
  const changed = new Map<bigint, bigint>();
  let occupied = slots.size;
  const updates = decodeUpdates(setting.lanes, data.firsts, data.laters).map((sent, index): JudgedUpdate => {
    const word = changed.get(sent.nullifier) ?? slots.get(sent.nullifier);
    const skipped = ((skippedBits >> BigInt(index)) & 1n) === 1n;
    const head = sent.previous === undefined ? 0n : nextHead(sent.previous.head, sent.previous.ciphertext);
    const stateFault = stateFaultOf(sent, word, head, occupied >= setting.members);
    const updatedIn = word === undefined ? undefined : Number(word & 0xffn) - 1;
    const firstBox = boxOfSlot(posting.sealedRootsHash, sent.nullifier, 0, posting.boxes.length);
    const roundFault = roundFaultOf(sent, { updatedIn, firstBox }, time, data.sender, posting);
    if (!skipped) {
      if (word === undefined) occupied += 1;
      // Times that go back (check 10) must not give a slot a second turn in a round.
      // Nor may more rounds than the contract allows, which it finds as well, reach into the head.
      const stamp = Math.min(Math.max(round, updatedIn ?? 0) + 1, MOST_STAMP);
      changed.set(sent.nullifier, (nextHead(head, sent.next) << 8n) | BigInt(stamp));
    }
    return { index, sent, skipped, head, updatedIn, firstBox, stateFault, roundFault };
  });
  return { updates, changed, round };
}

function stateFaultOf(sent: SentUpdate, word: bigint | undefined, head: bigint, full: boolean): string | undefined {
  if (sent.previous === undefined) {
    if (word !== undefined) return 'the slot is not empty';
    return full ? 'the poll has as many slots as its roll has members' : undefined;
  }
  if (word === undefined) return 'the slot is empty';
  return word >> 8n === head ? undefined : 'it is not for the slot’s state';
}

function roundFaultOf(
  { previous }: SentUpdate,
  { updatedIn, firstBox }: Pick<JudgedUpdate, 'updatedIn' | 'firstBox'>,
  time: number,
  sender: Hex,
  { timeline, boxes }: Posting,
): string | undefined {
  const current = roundAt(timeline, time);
  if (current === undefined) return 'voting is not open';
  const isBox = boxes.includes(sender);
  const isOpen = time < timeline.closesAt;
  if (previous === undefined) return isBox || isOpen ? undefined : 'after closing only boxes post first casts';
  if (updatedIn !== undefined && updatedIn >= current.round) return 'the slot was updated in this round';
  if (boxes[(firstBox + current.round) % boxes.length] === sender) return undefined;
  return inLastQuarter(current, time) && (isBox || isOpen) ? undefined : 'the sender may not post for this slot now';
}

/** Takes over what {@link judgeUpdates} found. */
export function applyUpdates(poll: PollReplay, { updates, changed }: JudgedBatch): void {
  for (const [slot, word] of changed) poll.slots.set(slot, word);
  const applied = updates.filter(({ skipped }) => !skipped).map(({ sent }) => sent);
  const pick = (of: (ciphertext: Ciphertext) => Point, total: Point): Point =>
    sum([
      total,
      ...applied.map(({ next }) => of(next)),
      ...applied.flatMap(({ previous }) => (previous === undefined ? [] : [negate(of(previous.ciphertext))])),
    ]);
  const { R, C } = poll.sums;
  poll.sums = { R: pick((each) => each.R, R), C: C.map((total, lane) => pick((each) => at(each.C, lane), total)) };
}
