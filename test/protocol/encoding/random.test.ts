import { describe, expect, it } from '@jest/globals';
import { encodeWord } from '../../../protocol/encoding.ts';
import { randomBelow, shuffle } from '../../../protocol/random.ts';
import type { RandomBytes } from '../../../protocol/random.ts';
import { streamOf } from '../stream.ts';

const fixed = (...values: readonly number[]): RandomBytes => {
  const queue = [...values];
  return (length) => encodeWord(BigInt(queue.shift()!)).slice(32 - length);
};

describe('randomBelow', () => {
  it('rejects the incomplete last block instead of folding it', () => {
    const limit = 2 ** 48 - (2 ** 48 % 10);
    expect(randomBelow(fixed(limit, 2 ** 48 - 1, limit - 1), 10)).toBe(9);
    expect(randomBelow(fixed(2 ** 48 - 1), 2 ** 48)).toBe(2 ** 48 - 1);
  });

  it('refuses bounds it cannot serve', () => {
    for (const bad of [0, -1, 1.5, NaN, 2 ** 48 + 1]) {
      expect(() => randomBelow(fixed(1), bad)).toThrow(expect.objectContaining({ code: 'internal/random' }));
    }
  });
});

describe('shuffle', () => {
  it('keeps the items and leaves the argument alone', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = shuffle(items, streamOf('shuffle'));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
    expect(shuffled).not.toEqual(items);
    expect(items[0]).toBe(0);
    expect(shuffle([], streamOf('x'))).toEqual([]);
  });

  it('makes all orders of three about equally often', () => {
    const random = streamOf('orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffle(['a', 'b', 'c'], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150); // five standard deviations
  });
});
