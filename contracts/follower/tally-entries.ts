import { decodeEventLog } from 'viem';
import { wordHex } from '../../protocol/encoding.ts';
import { at, require } from '../../protocol/errors.ts';
import { tallyAbi } from '../client/abi/tally.ts';
import type { Content, Happening } from './happening.ts';
import { callArgs, content, pointsOf, toCount, wordsHex } from './happening.ts';

/** `UnitState` of the contract, in the record's words. */
const STATES = [undefined, 'merged', 'empty', 'withheld', 'open'] as const;

/** The entry of an event of `Tally` (SPEC §14.1); of units aggregated together, see {@link joinAggregates}. */
export function tallyEntry(happening: Happening): Content {
  const event = decodeEventLog({ abi: tallyAbi, ...happening.log });
  switch (event.eventName) {
    case 'UnitAggregated': {
      const { contest, unit, nonEmpty, words } = event.args;
      const state = STATES[event.args.state];
      require(state !== undefined, 'follow/foreign-contract', 'a unit was aggregated into no state');
      const points = pointsOf(words);
      const sums = { unit: toCount(unit), state, nonEmpty: toCount(nonEmpty), r: at(points, 0), c: points.slice(1) };
      return content('aggregate', { contest: toCount(contest), units: [sums] });
    }
    case 'DecryptionPosted': {
      const [unit, trustee, points, proof, signature] = callArgs(happening, tallyAbi, 'postDecryption');
      const [ax, ay, bx, by, z] = proof;
      return content('decryption', {
        ...{ unit: toCount(unit), trustee: toCount(trustee), points: pointsOf(points) },
        ...{ a: wordsHex([ax, ay]), b: wordsHex([bx, by]), z: wordHex(z), signature },
      });
    }
    case 'CountsStored': {
      const { unit, counts } = event.args;
      return content('counts', { unit: toCount(unit), counts: counts.map(toCount) });
    }
  }
}

/** Joins neighbouring `aggregate` entries of one contest, of one transaction, into one. */
export function joinAggregates(contents: readonly Content[]): Content[] {
  const joined: Content[] = [];
  for (const each of contents) {
    const last = joined.at(-1);
    if (each.kind === 'aggregate' && last?.kind === 'aggregate' && last.data.contest === each.data.contest) {
      joined[joined.length - 1] = content('aggregate', {
        contest: each.data.contest,
        units: [...last.data.units, ...each.data.units],
      });
    } else joined.push(each);
  }
  return joined;
}
