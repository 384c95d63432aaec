import { describe, expect, it } from '@jest/globals';
import { compareSlot } from '../../../client/web/voter/slots/compare-slot.ts';

const updates = [{ head: '0x01' as const }, { head: '0x02' as const }];

describe('what a service says of a slot, beside the slot’s history', () => {
  it('is the same', () => {
    expect([compareSlot('0x02', updates), compareSlot(undefined, [])]).toEqual(['same', 'same']);
  });

  it('hides an update where it is an older state, or empty', () => {
    expect([compareSlot('0x01', updates), compareSlot(undefined, updates)]).toEqual(['hidden', 'hidden']);
  });

  it('is newer where the history does not know it', () => {
    expect([compareSlot('0x03', updates), compareSlot('0x01', [])]).toEqual(['newer', 'newer']);
  });
});
