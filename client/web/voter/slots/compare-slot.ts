import type { Hex } from '../../../../protocol/encoding.ts';
import type { SlotEvent } from '../../../../protocol/voting/slot-book.ts';
import type { Finding } from './slots-task.ts';

/**
 * How what a public service says of a slot fits the slot's history.
 *
 * @param head - of the slot, as the service says; undefined for an empty one
 */
export function compareSlot(head: Hex | undefined, updates: readonly Pick<SlotEvent, 'head'>[]): Finding {
  const last = updates.at(-1);
  if (last?.head === head) return 'same';
  const isOlder = last !== undefined && (head === undefined || updates.some((update) => update.head === head));
  return isOlder ? 'hidden' : 'newer';
}
