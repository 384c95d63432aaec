import { G, add, decodePoint, encodePoint } from '../../../../protocol/math/curve.ts';
import { decodeHex, encodeHex, encodeWord, wordHex } from '../../../../protocol/encoding.ts';
import { p } from '../../../../protocol/math/field.ts';
import type { Forgery } from './forge.ts';
import { clone, find, insertBefore, retime } from './forge.ts';
import type { Loose } from './sign.ts';
import { recount } from './recount.ts';
import type { Tamper } from './tamper.ts';

/** Words of calldata, to be changed. */
function rewrite(entry: Loose, list: 'firsts' | 'laters', index: number, change: (word: bigint) => bigint): void {
  const bytes = Uint8Array.from(decodeHex(entry.data[list]));
  const word = BigInt(encodeHex(bytes.subarray(32 * index, 32 * index + 32)));
  bytes.set(encodeWord(change(word)), 32 * index);
  entry.data[list] = encodeHex(bytes);
}

/** The one batch of the ferry poll: nothing of it is ever decrypted. */
const ferry = (f: Forgery): Loose => {
  const found = f.entries.find(({ kind, data }) => kind === 'updates' && data.poll === 4);
  if (found === undefined) throw new Error('nobody votes on the ferry');
  return found;
};

/** The ferry’s one first cast so many times more, each left out since its slot is not empty. */
export function repeatFerry(f: Forgery, times: number): void {
  const data = clone(ferry(f).data);
  data.firsts = `0x${data.firsts.slice(2).repeat(times)}`;
  data.skipped = wordHex((1n << BigInt(times)) - 1n);
  insertBefore(f, find(f, 'updates', 6), 'updates', { ...data, round: 1 });
}

/** The `index`-th batch. */
const batch = (f: Forgery, index: number): Loose => find(f, 'updates', index);

/** Adds G to the ferry’s first lane, in the ballot, its sums and its unit. */
async function changeFerryVote(f: Forgery): Promise<void> {
  const entry = ferry(f);
  const bytes = decodeHex(entry.data.firsts);
  // nullifier, R.x, R.y, C.x, C.y
  const moved = encodePoint(add(decodePoint(encodeHex(bytes.subarray(96, 160))), G));
  const words = [BigInt(moved.slice(0, 66)), BigInt(`0x${moved.slice(66)}`)];
  words.forEach((word, i) => rewrite(entry, 'firsts', 3 + i, () => word));
  await recount(f);
}

/** Lies about proofs, slots and rounds. */
export const TAMPERS_BALLOTS: readonly Tamper[] = [
  {
    check: 11,
    lie: 'a proof is another’s',
    forge: (f) => {
      const entry = batch(f, 1);
      // Two first casts of eleven plus two words each: exchange their proofs.
      const bytes = Uint8Array.from(decodeHex(entry.data.firsts));
      const [a, b] = [bytes.slice(5 * 32, 13 * 32), bytes.slice(18 * 32, 26 * 32)];
      bytes.set(b, 5 * 32);
      bytes.set(a, 18 * 32);
      entry.data.firsts = encodeHex(bytes);
    },
  },
  { check: 11, lie: 'a vote was changed behind its proof', forge: changeFerryVote },
  {
    check: 11,
    lie: 'a ballot lies in another slot than its proof says',
    forge: (f) => rewrite(ferry(f), 'firsts', 0, (word) => word + 1n),
  },
  {
    check: 11,
    lie: 'a proof has a coordinate that is not reduced',
    forge: (f) => rewrite(ferry(f), 'firsts', 5, (word) => word + p),
  },
  {
    check: 12,
    lie: 'a vote was left out',
    forge: async (f) => {
      ferry(f).data.skipped = wordHex(1n);
      find(f, 'aggregate', 2).data.units[0].state = 'empty';
      await recount(f);
    },
  },
  {
    check: 12,
    lie: 'a second first cast of one slot took effect',
    forge: async (f) => {
      const entry = clone(ferry(f));
      insertBefore(f, find(f, 'extend'), 'updates', entry.data);
      find(f, 'updates', 11).data.round = 1;
      await recount(f);
    },
  },
  {
    check: 12,
    lie: 'occupied slots were miscounted',
    forge: (f) => {
      batch(f, 0).data.nonEmpty += 1;
    },
  },
  {
    check: 12,
    lie: 'a unit’s occupied slots were miscounted',
    forge: (f) => {
      find(f, 'aggregate', 1).data.units[0].nonEmpty += 1;
    },
  },
  {
    check: 12,
    lie: 'more updates were left out than sent',
    forge: (f) => {
      batch(f, 0).data.skipped = wordHex(1n << 7n);
    },
  },
  {
    check: 12,
    lie: 'a batch holds more updates than a transaction may',
    forge: (f) => repeatFerry(f, 201),
  },
  {
    check: 12,
    lie: 'calldata is cut',
    also: [14, 16, 17, 18],
    forge: (f) => {
      const entry = batch(f, 4);
      entry.data.firsts = entry.data.firsts.slice(0, -64);
    },
  },
  {
    check: 13,
    lie: 'a batch was posted by the other box',
    forge: (f) => {
      const entry = find(f, 'updates', 6);
      entry.data.sender = f.world.parties.boxes
        .map(({ address }) => address)
        .find((each) => each !== entry.data.sender);
    },
  },
  {
    check: 13,
    lie: 'a stranger did not wait for the last quarter',
    forge: (f) => {
      retime(find(f, 'updates', 9), 2873);
      retime(find(f, 'updates', 10), 2874);
    },
  },
  {
    check: 13,
    lie: 'a batch counts for another round',
    forge: (f) => {
      batch(f, 7).data.round += 1;
    },
  },
  {
    check: 13,
    lie: 'a stranger’s mask in the grace took effect',
    forge: async (f) => {
      batch(f, -1).data.skipped = wordHex(0n);
      await recount(f);
    },
  },
  {
    check: 13,
    lie: 'a first cast by a stranger after closing took effect',
    forge: (f) => {
      batch(f, -2).data.sender = f.world.parties.stranger.address;
    },
  },
];
