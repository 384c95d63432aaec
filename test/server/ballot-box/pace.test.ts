import { describe, expect, it } from '@jest/globals';
import { dueBy, partSize, stageAt, stretchOf, votesAlone } from '../../../server/ballot-box/posting/pace.ts';
import { SlotOrder } from '../../../server/ballot-box/posting/slot-order.ts';
import { inLastQuarter } from '../../../protocol/checks/replay/timeline.ts';
import { randomBytes } from '../../../protocol/node/random.ts';

const round = { round: 1, startsAt: 1_000, endsAt: 2_000 };

describe('stageAt', () => {
  it('is the contract’s last quarter, to the second', () => {
    for (let time = round.startsAt; time < round.endsAt; time++) {
      expect(stageAt(round, time) === 'others').toBe(inLastQuarter(round, time));
    }
  });
});

describe('dueBy', () => {
  it('spreads all slots over the stretch and is through before its end, whenever it was begun', () => {
    for (const begun of [1_000, 1_300, 1_699, 1_720]) {
      const stretch = stretchOf(round, 'own', begun);
      let before = dueBy(900, stretch, begun);
      expect(before).toBe(begun < stretch.to ? 0 : 900);
      for (let now = begun; now < stretch.to; now++) {
        const due = dueBy(900, stretch, now);
        expect(due).toBeGreaterThanOrEqual(before);
        expect(due).toBeLessThanOrEqual(900);
        before = due;
      }
      expect(dueBy(900, stretch, Math.max(begun, stretch.to))).toBe(900);
    }
    const half = dueBy(900, stretchOf(round, 'own', 1_000), 1_350);
    expect(half).toBe(450);
  });

  it('leaves the end of the round as a reserve', () => {
    expect(stretchOf(round, 'own', 1_000).to).toBeLessThan(1_750);
    expect(stretchOf(round, 'others', 1_750).to).toBeLessThan(1_950);
  });
});

describe('partSize', () => {
  it('never takes all slots of a poll at once, nor more than a transaction holds', () => {
    expect([1, 3, 8, 16, 100, 799, 800, 1_000_000].map((total) => partSize(total, 100))).toEqual([
      ...[1, 1, 1, 2, 13, 100, 100, 100],
    ]);
  });
});

describe('votesAlone', () => {
  it('is at the end of the last round only', () => {
    expect([1_000, 1_849, 1_850, 1_999].map((time) => votesAlone(round, true, time))).toEqual([
      ...[false, false, true, true],
    ]);
    expect(votesAlone(round, false, 1_999)).toBe(false);
  });
});

describe('SlotOrder', () => {
  const slots = Array.from({ length: 200 }, (_, i) => BigInt(i) << 200n);

  it('gives every slot once', () => {
    const order = new SlotOrder(randomBytes);
    for (const slot of slots) order.add(slot);
    const taken: bigint[] = [];
    while (order.left > 0) taken.push(...order.take(7));
    expect(order.take(1)).toEqual([]);
    expect([...taken].sort((a, b) => (a < b ? -1 : 1))).toEqual(slots);
    expect(taken).not.toEqual(slots);
  });

  it('puts every slot at every place equally often', () => {
    const places = Array.from({ length: 5 }, () => Array.from({ length: 5 }, () => 0));
    for (let i = 0; i < 4_000; i++) {
      const order = new SlotOrder(randomBytes);
      for (let slot = 0n; slot < 5n; slot++) order.add(slot);
      order.take(5).forEach((slot, place) => (places[Number(slot)]![place]! += 1));
    }
    for (const count of places.flat()) {
      expect(count).toBeGreaterThan(640);
      expect(count).toBeLessThan(960);
    }
  });
});
