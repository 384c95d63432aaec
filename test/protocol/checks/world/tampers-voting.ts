import { G, add, decodePoint, encodePoint } from '../../../../protocol/math/curve.ts';
import { decodeHex, encodeHex, encodeWord, wordHex } from '../../../../protocol/encoding.ts';
import { commitHash } from '../../../../protocol/ceremony/reveal.ts';
import { p } from '../../../../protocol/math/field.ts';
import type { Forgery } from './forge.ts';
import { altered, find, insertBefore, resign, retime } from './forge.ts';
import { hashOf } from './sign.ts';
import type { Loose } from './sign.ts';
import { recount } from './recount.ts';
import type { Tamper } from './tamper.ts';
import { START } from './plan.ts';

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

/** Lies about ceremony, polls, times, proofs, slots, rounds. */
export const TAMPERS_VOTING: readonly Tamper[] = [
  {
    check: 8,
    lie: 'a reveal proves nothing',
    forge: (f) => {
      const { data } = find(f, 'ceremony-reveal');
      data.z = altered(data.z);
      const commit = f.entries.find(
        (e) => e.kind === 'ceremony-commit' && e.data.attempt === 2 && e.data.trustee === 1,
      );
      const setup = { ...f.world.domain, trustees: 4, threshold: 2, lanes: 4, stageSeconds: 100 };
      const hash = hashOf(...data.points, data.k, data.z, data.transportKey);
      if (commit !== undefined) commit.data.commitment = wordHex(commitHash(setup, 2, 1, hash));
      resign(f);
    },
  },
  {
    check: 8,
    lie: 'a reveal was not committed to',
    forge: (f) => {
      const { data } = find(f, 'ceremony-commit', 3);
      data.commitment = altered(data.commitment);
      resign(f);
    },
  },
  {
    check: 8,
    lie: 'a step is signed by another trustee',
    forge: (f) => {
      find(f, 'ceremony-confirm', 0).data.signature = find(f, 'ceremony-confirm', 1).data.signature;
    },
  },
  {
    check: 8,
    lie: 'a wrong answer passes for a right one',
    forge: (f) => {
      const { data } = find(f, 'ceremony-answer');
      data.share = altered(data.share);
      resign(f);
    },
  },
  { check: 8, lie: 'an attempt was ended before its time', forge: (f) => retime(find(f, 'ceremony-restart'), 50) },
  {
    check: 8,
    lie: 'a deal was exchanged after it was confirmed',
    forge: (f) => {
      const { data } = find(f, 'ceremony-deal', 1);
      const confirm = structuredClone(
        f.entries.filter(({ kind }) => kind === 'ceremony-confirm').map((e) => e.data.signature),
      );
      data.shares[0] = altered(data.shares[0]);
      resign(f);
      confirm.forEach((signature, i) => (find(f, 'ceremony-confirm', i).data.signature = signature));
    },
  },
  {
    check: 8,
    lie: 'a shifted key is another',
    forge: (f) => {
      const { pk2 } = find(f, 'ceremony-finish').data;
      [pk2[0], pk2[1]] = [pk2[1], pk2[0]];
    },
  },
  {
    check: 8,
    lie: 'a public key is another',
    forge: (f) => {
      const { pk } = find(f, 'ceremony-finish').data;
      pk[2] = encodePoint(G);
    },
  },
  {
    check: 8,
    lie: 'a verification key is another',
    forge: (f) => {
      find(f, 'ceremony-finish').data.vk[1].points[0] = encodePoint(G);
    },
  },
  {
    check: 8,
    lie: 'a trustee never confirmed',
    forge: (f) => {
      f.entries = f.entries.filter((entry) => entry !== find(f, 'ceremony-confirm', 2));
      f.entries.forEach((entry, seq) => (entry.seq = seq));
    },
  },
  {
    check: 9,
    lie: 'a poll’s key is another’s',
    forge: (f) => {
      find(f, 'poll-ready', 1).data.k = find(f, 'poll-ready', 0).data.k;
    },
  },
  {
    check: 9,
    lie: 'a poll has another root',
    forge: (f) => {
      const { data } = find(f, 'poll-ready', 2);
      data.root = altered(data.root);
    },
  },
  {
    check: 9,
    lie: 'a poll has more slots than members',
    forge: (f) => {
      find(f, 'poll-ready', 3).data.members += 1;
    },
  },
  {
    check: 9,
    lie: 'a poll is made ready twice',
    forge: (f) => insertBefore(f, find(f, 'updates', 0), 'poll-ready', structuredClone(find(f, 'poll-ready', 0).data)),
  },
  {
    check: 9,
    lie: 'there is a poll that the definition does not know',
    forge: (f) => insertBefore(f, find(f, 'updates', 0), 'poll-ready', { ...find(f, 'poll-ready', 0).data, poll: 6 }),
  },
  {
    check: 10,
    lie: 'time runs backwards',
    forge: (f) => {
      const [first, second] = [find(f, 'counts', 0), find(f, 'counts', 1)];
      [first.time, second.time] = [second.time, first.time];
    },
  },
  {
    check: 10,
    lie: 'two times in one block',
    forge: (f) => {
      const [first, second] = [find(f, 'counts', 0), find(f, 'counts', 1)];
      second.block = first.block;
    },
  },
  {
    check: 10,
    lie: 'an entry was left out',
    forge: (f) => {
      const last = find(f, 'certify');
      last.seq += 1;
    },
  },
  { check: 10, lie: 'updates came after the grace', forge: (f) => retime(batch(f, -1), 3601) },
  {
    check: 10,
    lie: 'sums were added before late updates were settled',
    forge: (f) => retime(find(f, 'aggregate', 0), 3650),
  },
  {
    check: 10,
    lie: 'an extension came after the count had begun',
    forge: (f) => {
      const act = structuredClone(find(f, 'extend').data.act);
      insertBefore(f, find(f, 'certify'), 'extend', { act, closesAt: START + 3300, reasonHash: wordHex(1n) });
      find(f, 'certify').time = START + 3800;
      find(f, 'extend', 1).time = START + 3800;
      resign(f);
    },
  },
  {
    check: 10,
    lie: 'the ceremony goes on after its end',
    also: [],
    forge: (f) => {
      const data = structuredClone(find(f, 'ceremony-restart').data);
      insertBefore(f, find(f, 'certify'), 'unknown' as never, data);
    },
  },
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
      // The last batches of the slot are left out of the lie: it is the newest one of the isle that is cast again.
      const entry = structuredClone(ferry(f));
      insertBefore(f, find(f, 'extend'), 'updates', entry.data);
      find(f, 'updates', 10).data.round = 1;
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
    lie: 'calldata is cut',
    also: [14, 16, 17],
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
