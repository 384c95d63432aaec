import { G, encodePoint } from '../../../../protocol/math/curve.ts';
import { decodeHex, encodeHex, wordHex } from '../../../../protocol/encoding.ts';
import { decodePoint } from '../../../../protocol/math/curve.ts';
import { toConfig } from '../../../../protocol/config/to-config.ts';
import type { Replay } from '../../../../protocol/checks/replay/replay.ts';
import { applyEntry, startReplay } from '../../../../protocol/checks/replay/replay.ts';
import { unitResults } from '../../../../protocol/checks/18-result.ts';
import { decodeDefinition } from '../../../../protocol/definition/decode.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import type { UnitResult } from '../../../../protocol/tally/combine.ts';
import { resultHash } from '../../../../protocol/tally/combine.ts';
import type { Forgery } from './forge.ts';
import { clone, altered, find, insertBefore, recordOf, resign } from './forge.ts';
import { decryptionOf, recount } from './recount.ts';
import type { Tamper } from './tamper.ts';

/** The forged record, replayed to its end. */
async function replayed(f: Forgery): Promise<Replay> {
  const definition = decodeDefinition(f.evidence.definition);
  const config = toConfig(definition);
  const replay = startReplay(f.evidence, definition, config, await loadPoseidon());
  for (const entry of recordOf(f)) applyEntry(replay, entry);
  return replay;
}

/** Certifies what the record's counts, or `change`d results, now come to. */
async function recertify(f: Forgery, change: (results: UnitResult[]) => UnitResult[] = (same) => same): Promise<void> {
  const results = unitResults(await replayed(f)).filter((result) => result !== undefined);
  find(f, 'certify').data.resultHash = wordHex(resultHash(change(results)));
  resign(f);
}

/** Lies about sums, units, decryptions, counts and the result. */
export const TAMPERS_COUNT: readonly Tamper[] = [
  {
    check: 14,
    lie: 'the sums after a batch are others',
    forge: (f) => {
      const { data } = find(f, 'updates', 2);
      data.sumsHash = altered(data.sumsHash);
    },
  },
  {
    check: 14,
    lie: 'a unit’s R is another',
    forge: (f) => {
      find(f, 'aggregate', 0).data.units[0].r = encodePoint(G);
    },
  },
  {
    check: 14,
    lie: 'one of a unit’s four lanes is another',
    forge: (f) => {
      find(f, 'aggregate', 1).data.units[0].c[2] = encodePoint(G);
    },
  },
  {
    check: 14,
    lie: 'a unit’s last lane is missing',
    forge: (f) => {
      find(f, 'aggregate', 1).data.units[0].c.pop();
    },
  },
  {
    check: 14,
    lie: 'a withheld unit’s lane is another',
    forge: (f) => {
      find(f, 'aggregate', 2).data.units[0].c[0] = encodePoint(G);
    },
  },
  {
    check: 15,
    lie: 'a withheld unit was decrypted',
    forge: async (f) => {
      find(f, 'aggregate', 2).data.units[0].state = 'open';
      await recount(f);
    },
  },
  {
    check: 15,
    lie: 'a small unit was decrypted alone',
    forge: async (f) => {
      find(f, 'aggregate', 0).data.units[1].state = 'open';
      await recount(f);
    },
  },
  {
    check: 15,
    lie: 'an empty unit passes for a withheld one',
    forge: async (f) => {
      find(f, 'aggregate', 3).data.units[0].state = 'withheld';
      await recount(f);
    },
  },
  {
    check: 15,
    lie: 'a unit is another contest’s',
    forge: (f) => {
      find(f, 'aggregate', 3).data.contest = 1;
    },
  },
  {
    check: 15,
    lie: 'a unit was aggregated twice',
    forge: (f) => insertBefore(f, find(f, 'decryption'), 'aggregate', clone(find(f, 'aggregate', 3).data)),
  },
  {
    check: 16,
    lie: 'a proof of decryption does not hold',
    forge: (f) => {
      const { data } = find(f, 'decryption', 0);
      data.z = altered(data.z);
      resign(f);
    },
  },
  {
    check: 16,
    lie: 'a decryption is signed by another trustee',
    forge: (f) => {
      find(f, 'decryption', 0).data.signature = find(f, 'decryption', 2).data.signature;
    },
  },
  {
    check: 16,
    lie: 'a trustee decrypts twice',
    forge: (f) => insertBefore(f, find(f, 'counts'), 'decryption', clone(find(f, 'decryption', 0).data)),
  },
  {
    check: 16,
    lie: 'a late trustee’s points are others',
    forge: (f) => {
      const { data } = find(f, 'decryption', -1);
      data.points[0] = encodePoint(G);
      resign(f);
    },
  },
  {
    check: 16,
    lie: 'somebody’s ballot was decrypted in place of the sum',
    forge: async (f) => {
      const firsts = decodeHex(find(f, 'updates', 0).data.firsts);
      const ballot = decodePoint(encodeHex(firsts.subarray(32, 96)));
      const late = find(f, 'decryption', 4);
      late.data = decryptionOf(f, await replayed(f), late.data.unit, late.data.trustee, ballot);
      resign(f);
    },
  },
  {
    check: 16,
    lie: 'a trustee outside the ceremony decrypts',
    forge: (f) => {
      find(f, 'decryption', 4).data.trustee = 4;
      resign(f);
    },
  },
  {
    check: 17,
    lie: 'a vote was moved between counts',
    forge: async (f) => {
      find(f, 'counts', 0).data.counts = [4, 4];
      await recertify(f);
    },
  },
  {
    check: 17,
    lie: 'counts were shifted by 2^32',
    forge: async (f) => {
      const { data } = find(f, 'counts', 0);
      const [ada, blaise] = data.counts;
      data.counts = [ada + 2 ** 32, blaise - 1];
      await recertify(f);
    },
  },
  {
    check: 17,
    lie: 'a unit was counted twice',
    forge: (f) => insertBefore(f, find(f, 'counts', 1), 'counts', clone(find(f, 'counts', 0).data)),
  },
  {
    check: 18,
    lie: 'another result was certified',
    forge: (f) => {
      const { data } = find(f, 'certify');
      data.resultHash = altered(data.resultHash);
      resign(f);
    },
  },
  {
    check: 18,
    lie: 'the certified turnout is another',
    forge: (f) =>
      recertify(f, (results) =>
        results.map((result, i) => (i === 0 ? { ...result, nonEmpty: result.nonEmpty + 1 } : result)),
      ),
  },
  {
    check: 18,
    lie: 'a withheld unit was certified as empty',
    forge: (f) =>
      recertify(f, (results) =>
        results.map((result) => (result.state === 'withheld' ? { ...result, state: 'empty' } : result)),
      ),
  },
];
