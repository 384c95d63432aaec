import { G, encodePoint } from '../../../../protocol/math/curve.ts';
import { wordHex } from '../../../../protocol/encoding.ts';
import { p } from '../../../../protocol/math/field.ts';
import { commitHash } from '../../../../protocol/ceremony/reveal.ts';
import type { Forgery } from './forge.ts';
import { clone, altered, find, insertBefore, resign, retime } from './forge.ts';
import { hashOf } from './sign.ts';
import type { Loose } from './sign.ts';
import type { Tamper } from './tamper.ts';
import { START } from './plan.ts';

/** A third root of 1 in BN254's base field: (x, y) is on the curve exactly if (CUBE_ROOT·x, y) is. */
const CUBE_ROOT = 2203960485148121921418603742825762020974279258880205651966n;

/** The `index`-th batch. */
const batch = (f: Forgery, index: number): Loose => find(f, 'updates', index);

/** Lies about ceremony, polls and times. */
export const TAMPERS_KEYS: readonly Tamper[] = [
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
      const confirm = clone(f.entries.filter(({ kind }) => kind === 'ceremony-confirm').map((e) => e.data.signature));
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
    lie: 'the keys of a lane are missing',
    forge: (f) => {
      const { pk, pk2, vk } = find(f, 'ceremony-finish').data;
      for (const points of [pk, pk2, ...vk.map(({ points }: { points: string[] }) => points)]) points.pop();
    },
  },
  {
    check: 8,
    lie: 'a trustee’s verification key stands twice',
    forge: (f) => {
      const { vk } = find(f, 'ceremony-finish').data;
      vk.push(vk[0]);
    },
  },
  {
    check: 8,
    lie: 'a trustee’s verification key stands in another’s place',
    forge: (f) => {
      const { vk } = find(f, 'ceremony-finish').data;
      vk[2] = vk[0];
    },
  },
  {
    check: 8,
    lie: 'an excluded trustee’s empty row stands in another’s place',
    forge: (f) => {
      find(f, 'ceremony-finish').data.vk[2] = { trustee: 4, points: [] };
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
    lie: 'a poll’s key is another point with the same y',
    forge: (f) => {
      const { data } = find(f, 'poll-ready', 0);
      data.k = `${wordHex((BigInt(data.k.slice(0, 66)) * CUBE_ROOT) % p)}${data.k.slice(66)}`;
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
    forge: (f) => insertBefore(f, find(f, 'updates', 0), 'poll-ready', clone(find(f, 'poll-ready', 0).data)),
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
    lie: 'a version of the roll was completed in second 0',
    forge: (f) => {
      find(f, 'roll-complete', 1).time = 0;
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
    forge: (f) => {
      retime(find(f, 'anchor'), 3640);
      retime(find(f, 'aggregate', 0), 3650);
    },
  },
  {
    check: 10,
    lie: 'an extension came after the count had begun',
    forge: (f) => {
      const act = clone(find(f, 'extend').data.act);
      insertBefore(f, find(f, 'certify'), 'extend', { act, closesAt: START + 3300, reasonHash: wordHex(1n) });
      find(f, 'certify').time = START + 3800;
      find(f, 'extend', 1).time = START + 3800;
      resign(f);
    },
  },
  {
    check: 10,
    lie: 'the ceremony goes on after its end',
    forge: (f) => {
      const data = clone(find(f, 'ceremony-restart').data);
      insertBefore(f, find(f, 'certify'), 'unknown' as never, data);
    },
  },
];
