import { describe, expect, it } from '@jest/globals';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import type { Posting } from '../../../protocol/checks/replay/ballots-replay.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { firstTurn, laterTurn, standInDelay } from '../../../server/ballot-box/intake/turn.ts';

const address = (digit: number): `0x${string}` => `0x${String(digit).repeat(40)}`;
/** Rounds 0 and 1 of a thousand seconds each, and the grace. */
const posting: Posting = {
  timeline: {
    ...{ opensAt: 1000, firstClosesAt: 3000, closesAt: 3000, graceEndsAt: 3500, settledAt: 9000 },
    rounds: [
      { round: 0, startsAt: 1000, endsAt: 2000 },
      { round: 1, startsAt: 2000, endsAt: 3000 },
      { round: 2, startsAt: 3000, endsAt: 3500 },
    ],
  },
  boxes: [1, 2, 3, 4].map(address),
  sealedRootsHash: 77n,
};
const SLOT = 12345n;
const boxIn = (round: number): number => boxOfSlot(posting.sealedRootsHash, SLOT, round, 4);

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof UrnaError ? error.code : String(error);
  }
}

describe('firstTurn', () => {
  it('promises a first cast in the running round, never after the grace', () => {
    expect(firstTurn(posting, 1000, 600)).toEqual({ round: 0, by: 1600, wait: 0 });
    expect(firstTurn(posting, 2999, 600)).toEqual({ round: 1, by: 3500, wait: 0 });
    expect(codeOf(() => firstTurn(posting, 999, 600))).toBe('state/time');
  });

  it('counts in its promise the time for which another box is waited for', () => {
    const wait = (round: number): number => (round === 0 ? 60.5 : 600);
    expect(firstTurn(posting, 1000, 600, 0, wait)).toEqual({ round: 0, by: 1661, wait: 60.5 });
    expect(firstTurn(posting, 2800, 600, 0, wait)).toEqual({ round: 1, by: 3500, wait: 600 });
  });

  it('counts in its promise how long others are before it, and refuses what would have to wait until nothing is posted any more', () => {
    expect(firstTurn(posting, 1000, 600, 99.5).by).toBe(1700);
    expect(firstTurn(posting, 2999, 600, 500).by).toBe(3500);
    expect(codeOf(() => firstTurn(posting, 2999, 600, 501))).toBe('busy/queue');
  });
});

describe('standInDelay', () => {
  it('lets one box post a first cast at once, whichever two were handed it, and each other one after those before it', () => {
    const delays = [0, 1, 2, 3].map((own) => standInDelay(posting, own, SLOT, 0, 10));
    expect(delays[boxIn(0)]).toBe(0);
    expect([...delays].sort((a, b) => a - b)).toEqual([0, 60, 120, 180]);
    expect(standInDelay({ ...posting, boxes: [address(1)] }, 0, SLOT, 0, 10)).toBe(0);
    const firsts = Array.from({ length: 40 }, (_, i) => standInDelay(posting, 0, BigInt(i), 0, 10));
    expect(new Set(firsts)).toEqual(new Set([0, 60, 120, 180]));
  });
});

describe('laterTurn', () => {
  it('is the running round, or the next where the slot was updated in this one', () => {
    expect(laterTurn(posting, boxIn(1), SLOT, 0, 2500)).toEqual({ round: 1, by: 3000 });
    expect(laterTurn(posting, boxIn(1), SLOT, 0, 1500)).toEqual({ round: 1, by: 3000 });
    expect(laterTurn(posting, boxIn(2), SLOT, 1, 2500)).toEqual({ round: 2, by: 3500 });
  });

  it('is for the box of the round and the box of the next, past the last round as well, and for no other', () => {
    const takers = (updatedIn: number, time: number): number[] =>
      [0, 1, 2, 3].filter((own) => codeOf(() => laterTurn(posting, own, SLOT, updatedIn, time)) === 'none');
    const sorted = (...boxes: number[]): number[] => boxes.sort((a, b) => a - b);
    expect(takers(0, 1500)).toEqual(sorted(boxIn(1), boxIn(2)));
    expect(takers(0, 2500)).toEqual(sorted(boxIn(1), boxIn(2)));
    expect(takers(1, 2500)).toEqual(sorted(boxIn(2), boxIn(3)));
    expect(codeOf(() => laterTurn(posting, boxIn(3), SLOT, 0, 1500))).toBe('update/other-box');
  });

  it('is refused where no round is left', () => {
    expect(codeOf(() => laterTurn(posting, boxIn(2), SLOT, 2, 3100))).toBe('state/closed');
    expect(codeOf(() => laterTurn(posting, boxIn(2), SLOT, 1, 3500))).toBe('state/time');
  });
});
