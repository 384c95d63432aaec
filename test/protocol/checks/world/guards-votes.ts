import { wordHex } from '../../../../protocol/encoding.ts';
import type { Forgery } from './forge.ts';
import { altered, find, insertBefore, remove, resign, retime } from './forge.ts';
import type { GuardCase } from './guard.ts';
import { signed } from './guard.ts';
import { NO_ACT } from './ledger.ts';
import type { Loose } from './sign.ts';

/** An anchor before the first entry of a kind, all signatures made again. */
function anchorBefore(f: Forgery, kind: 'updates' | 'certify'): Loose {
  insertBefore(f, find(f, kind), 'anchor', { act: NO_ACT, entries: 8, hash: wordHex(1n) });
  resign(f);
  return find(f, 'anchor');
}

/** The ferry’s batch with one word of its one first cast changed. */
function bend(f: Forgery, word: number, digits: string): void {
  const ferry = f.entries.find(({ kind, data }) => kind === 'updates' && data.poll === 4);
  if (ferry === undefined) throw new Error('nobody votes on the ferry');
  const end = 2 + 64 * (word + 1);
  ferry.data.firsts = ferry.data.firsts.slice(0, end - digits.length) + digits + ferry.data.firsts.slice(end);
}

/** The counts of unit 0 in the place of its last decryption, and that in theirs. */
function countTooEarly(f: Forgery): void {
  const counts = find(f, 'counts');
  const last = f.entries.findLast(({ kind, data }) => kind === 'decryption' && data.unit === counts.data.unit);
  if (last === undefined) throw new Error('nobody decrypts unit 0');
  const { kind, data } = last;
  Object.assign(last, { kind: counts.kind, data: counts.data });
  Object.assign(counts, { kind, data });
}

/** The first batch with an update of an occupied slot that took effect. */
function later(f: Forgery): Loose {
  const found = f.entries.find(
    ({ kind, data }) => kind === 'updates' && data.firsts === '0x' && BigInt(data.skipped) === 0n,
  );
  if (found === undefined) throw new Error('the world has no later update');
  return found;
}

/** Another word in a batch of later updates: it stays below r. */
function changeLater({ data }: Loose, word: number): void {
  const end = 2 + 64 * (word + 1);
  data.laters = `${altered(data.laters.slice(0, end))}${data.laters.slice(end)}`;
}

/** A hundred first casts, each of another slot, in a poll of fewer members. */
function overfill(f: Forgery): void {
  const { data } = find(f, 'updates');
  const update = data.firsts.slice(2, 2 + 64 * (1 + 4 + 8));
  const slots = Array.from({ length: 100 }, (_, i) => wordHex(BigInt(i + 1)).slice(2));
  Object.assign(data, { firsts: `0x${slots.map((slot) => `${slot}${update.slice(64)}`).join('')}`, laters: '0x' });
}

/** Guards of the checks of ballots, count and anchors. */
export const GUARDS_VOTES: readonly GuardCase[] = [
  [11, 'off the curve', (f) => bend(f, 4, 'abcdef')],
  [12, 'is not below the field order', (f) => bend(f, 1, 'f'.repeat(64))],
  [
    12,
    'a batch holds 1 to 200 updates, not 0',
    (f) => Object.assign(find(f, 'updates', 5).data, { firsts: '0x', laters: '0x' }),
  ],
  [12, 'was never made ready', (f) => remove(f, find(f, 'poll-ready', 4))],
  [12, 'took effect although it is not for the slot’s state', (f) => changeLater(later(f), 1)],
  [12, 'took effect although the slot is empty', (f) => changeLater(later(f), 0)],
  [12, 'took effect although the poll has as many slots as its roll has members', overfill],
  [
    13,
    'the slot was updated in this round',
    (f) => {
      // Its newest update was in round 1, its box of round 0 is not that of round 3.
      const { data } = find(f, 'updates', -3);
      retime(find(f, 'updates', -3), 2100);
      const boxes: readonly string[] = f.world.parties.boxes.map(({ address }) => address);
      Object.assign(data, { round: 0, sender: boxes.find((each) => each !== data.sender) });
    },
  ],
  [
    13,
    'voting is not open',
    (f) => {
      retime(find(f, 'updates', -2), 3600);
      retime(find(f, 'updates', -1), 3601);
    },
  ],
  [14, 'the sums of unit 3 are not', (f) => remove(f, find(f, 'poll-ready', 4))],
  [16, 'stands before its election', (f) => remove(f, find(f, 'defined'))],
  [16, 'has no part of the election key', (f) => remove(f, find(f, 'ceremony-finish'))],
  [16, 'unit 1 is not one to be decrypted', (f) => (find(f, 'decryption').data.unit = 1)],
  [16, 'unit 0 is counted already', countTooEarly],
  [16, 'unit 77 is not one to be decrypted', (f) => (find(f, 'decryption').data.unit = 77)],
  [16, 'not below the subgroup order', signed((f) => (find(f, 'decryption').data.z = `0x${'f'.repeat(64)}`))],
  [16, 'not on BabyJubJub', signed((f) => (find(f, 'decryption').data.a = altered(find(f, 'decryption').data.a)))],
  [17, 'unit 77 is not one to be counted', (f) => (find(f, 'counts').data.unit = 77)],
  [17, 'unit 1 is not one to be counted', (f) => (find(f, 'counts').data.unit = 1)],
  [
    17,
    'unit 0 has 1 decryptions, 2 are needed',
    (f) => remove(f, ...f.entries.filter(({ kind, data }) => kind === 'decryption' && data.trustee !== 3)),
  ],
  [17, 'out of bounds', (f) => find(f, 'counts').data.counts.push(0)],
  [15, 'unit 77 is none of contest 0', (f) => (find(f, 'aggregate').data.units[0].unit = 77)],
  [18, 'unit 0 has no final state', (f) => remove(f, find(f, 'counts'))],
  [18, 'unit 4 has no final state', (f) => remove(f, find(f, 'aggregate', 3))],
  [
    19,
    'an anchor stands before its election',
    (f) => {
      remove(f, find(f, 'defined'));
      find(f, 'anchor').data.entries -= 1;
    },
  ],
  [4, 'the act anchor has no quorum', (f) => anchorBefore(f, 'certify').data.act.signatures.pop()],
  [
    4,
    'the act anchor has no quorum',
    (f) => {
      const { data } = anchorBefore(f, 'certify');
      data.hash = altered(data.hash);
    },
  ],
  [4, 'the act anchor has no quorum', (f) => (anchorBefore(f, 'certify').data.entries += 1)],
  [10, 'the record was anchored too early', (f) => anchorBefore(f, 'updates')],
];
