import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import type { RandomBytes } from '../../../protocol/random.ts';
import type { ScriptReply } from '../../frame/redis-script.ts';
import { redisScript, runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from '../store/box-store.ts';
import { KEYS } from '../store/keys.ts';
import { wordOf } from '../store/updates.ts';
import type { Stage } from './pace.ts';
import { SlotOrder } from './slot-order.ts';

/** Which slots a box is to update in a round. */
export interface Turn {
  readonly round: number;
  readonly stage: Stage;
  /** This box's place among `boxes`. */
  readonly box: number;
  readonly boxes: number;
  readonly sealedRootsHash: bigint;
}

/** Slots looked at in one step of Redis. */
const PART = 1000;
/** Where a packed slot has its round, counted from 1 as Lua does. */
const ROUND_AT = 65;

/** Names of the slots that no update of the round has reached, without their ciphertexts. ARGV: poll, cursor, round */
const SCAN = redisScript(`
local page = redis.call('HSCAN', '${KEYS.slots}' .. ARGV[1], ARGV[2], 'COUNT', ${PART})
local names = {}
for k = 1, #page[2], 2 do
  if string.byte(page[2][k + 1], ${ROUND_AT}) ~= tonumber(ARGV[3]) then names[#names + 1] = page[2][k] end
end
return {page[1], names}
`);

/** The slots of a poll that still want an update in this turn, in an order drawn now. */
export async function orderDueSlots(
  { bytes }: BoxStore,
  poll: number,
  { round, stage, box, boxes, sealedRootsHash }: Turn,
  random: RandomBytes,
): Promise<SlotOrder> {
  const order = new SlotOrder(random);
  let cursor = '0';
  do {
    const reply = await runScript(bytes, SCAN, [], [String(poll), cursor, String(round)]);
    const [next, names] = reply as [ScriptReply, readonly Buffer[]];
    for (const name of names) {
      // A scan may name a slot twice: by its second turn it was updated, and is passed over.
      const slot = wordOf(name);
      if (stage === 'others' || boxOfSlot(sealedRootsHash, slot, round, boxes) === box) order.add(slot);
    }
    cursor = String(next);
  } while (cursor !== '0');
  return order;
}
