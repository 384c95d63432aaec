import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodePacked, keccak256 } from 'viem';
import { emptyCiphertext } from '../../../protocol/ballot/ciphertext.ts';
import { encodeSlotWord } from '../../../protocol/ballot/slot.ts';
import { pointWords, subtract, sum } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { BallotsFixture } from './fixture.ts';
import { POLLS, startBallots, stateAfter } from './fixture.ts';

let fixture: BallotsFixture;
beforeAll(async () => {
  fixture = await startBallots();
});
afterAll(() => fixture.chain.stop());

describe('update', () => {
  it('takes first casts and later updates of every circuit, and keeps slots, count and sums', async () => {
    for (const [poll, { lanes }] of POLLS.entries()) {
      if (poll > 2) continue;
      await fixture.setRound(0);
      const firsts = [1n, 2n, 3n].map((n) => fixture.updateOf(poll, n + 10n));
      const applied = await fixture.post(firsts, { poll });
      expect(applied).toMatchObject({ round: 0n, firsts: 3n, laters: 0n, skipped: 0n, nonEmpty: 3n });
      await fixture.setRound(1, { lastQuarter: true });
      const later = fixture.updateOf(poll, 12n, stateAfter(firsts[1]!));
      const mixed = await fixture.post([fixture.updateOf(poll, 14n), later], { poll });
      expect(mixed).toMatchObject({ round: 1n, firsts: 1n, laters: 1n, skipped: 0n, nonEmpty: 4n });
      expect(await fixture.view('slot', poll, 11n)).toBe(encodeSlotWord(stateAfter(firsts[0]!).head as Field, 0));
      expect(await fixture.view('slot', poll, 12n)).toBe(
        encodeSlotWord(stateAfter(later, stateAfter(firsts[1]!)).head as Field, 1),
      );
      expect(await fixture.view('slot', poll, 15n)).toBe(0n);
      expect(((await fixture.view('sums', poll)) as bigint[]).length).toBe(2 + 2 * lanes);
      expect(mixed.sumsHash).toBe(keccak256(encodePacked(['uint256[]'], [await fixture.view<bigint[]>('sums', poll)])));
    }
  });
  it('keeps Σ of the occupied slots’ ciphertexts, O while there is none', async () => {
    const poll = 3;
    expect(await fixture.view('sums', poll)).toEqual(pointWords(...Array(5).fill(emptyCiphertext(4).R)));
    await fixture.setRound(0);
    const firsts = [1n, 2n].map((n) => fixture.updateOf(poll, n));
    await fixture.post(firsts, { poll });
    await fixture.setRound(1, { lastQuarter: true });
    const later = fixture.updateOf(poll, 1n, stateAfter(firsts[0]!));
    await fixture.post([later], { poll });
    const points = [later, firsts[1]!].map(({ update: { next } }) => [next.R, ...next.C]);
    expect(await fixture.view('sums', poll)).toEqual(
      pointWords(...points[0]!.map((_, i) => sum(points.map((list) => list[i]!)))),
    );
    expect(subtract(points[0]![0]!, points[0]![0]!)).toEqual({ x: 0n, y: 1n });
  });
});
