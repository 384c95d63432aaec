import { redisScript, runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from './box-store.ts';
import { KEYS } from './keys.ts';
import type { Lease } from './lease.ts';
import { LEASED } from './update-lua.ts';
import { countDue } from './waiting.ts';

/** What a window weighs against the next in the measured rate: some ten count. */
const FADING = 0.9;

/** ARGV: lease, updates, milliseconds */
const NOTE = redisScript(`${LEASED}
local last = redis.call('HMGET', '${KEYS.throughput}', 'u', 'm')
redis.call('HSET', '${KEYS.throughput}',
  'u', ${FADING} * (last[1] or 0) + ARGV[2], 'm', ${FADING} * (last[2] or 0) + ARGV[3])
return 1
`);

/** Notes how many first casts went out in a time in which there were more than that: all of the box's processes promise by it. */
export async function noteSent(
  { bytes }: BoxStore,
  lease: Lease,
  updates: number,
  milliseconds: number,
): Promise<void> {
  await runScript(bytes, NOTE, [], [String(lease.number), String(updates), String(milliseconds)]);
}

/**
 * Seconds that it takes to send what waits and is on its way, at the rate of late.
 *
 * @param polls - how many there are
 * @param assumed - updates a second, before anything was measured
 */
export async function queueSeconds(store: BoxStore, polls: number, assumed: number): Promise<number> {
  const [waiting, sent, [updates, milliseconds]] = await Promise.all([
    countDue(store, polls, Infinity),
    store.redis.sCard(KEYS.sent),
    store.redis.hmGet(KEYS.throughput, ['u', 'm']),
  ]);
  const measured = typeof updates === 'string' && typeof milliseconds === 'string';
  // Where nothing at all could be sent for long, the next window may still be no better.
  const rate = measured ? Math.max(1, Number(updates)) / (Number(milliseconds) / 1000) : assumed;
  return (waiting + sent) / rate;
}
