import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { measureGas } from '../../bench/contracts-ballots/gas-update.ts';

const SNAPSHOT = 'test/bench/contracts-ballots/gas.snapshot.json';
/** Zero bytes in proofs and points, which calldata charges less for, fall differently in every run. */
const CHANCE = 40;

describe('gas of an update in a batch of a hundred', () => {
  it('is what the snapshot says; a change of the snapshot gives its reason in the commit', async () => {
    const expected = JSON.parse(readFileSync(SNAPSHOT, 'utf8')) as { first: number; later: number };
    const measured = await measureGas();
    for (const kind of ['first', 'later'] as const) {
      expect(Math.abs(measured[kind] - expected[kind])).toBeLessThanOrEqual(CHANCE);
    }
  }, 300_000);
});
