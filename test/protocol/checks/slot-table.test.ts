import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlotTable } from '../../../protocol/checks/replay/slot-table.ts';

const word = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), fc.bigInt({ min: 0n, max: 40n }));

describe('SlotTable', () => {
  it('holds what a Map would, however it grows', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 300 }), fc.array(word), (sets, others) => {
        const [table, map] = [new SlotTable(4), new Map<bigint, bigint>()];
        for (const [slot, value] of sets) {
          table.set(slot, value);
          map.set(slot, value);
          expect(table.size).toBe(map.size);
        }
        for (const slot of [...map.keys(), ...others]) expect(table.get(slot)).toBe(map.get(slot));
      }),
    );
  });

  it('takes a word of nothing but zeros for a word', () => {
    const table = new SlotTable();
    table.set(0n, 0n);
    expect([table.get(0n), table.get(1n), table.size]).toEqual([0n, undefined, 1]);
  });
});
