import { randomBytes } from 'node:crypto';
import { redisScript, runScript } from '../../frame/redis-script.ts';
import type { BytesRedis } from '../../frame/redis.ts';

/** Milliseconds after which a holder that fell silent is given up. */
const LEASE = 30_000;

const HOLD = redisScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);
const RELEASE = redisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/**
 * Runs `work` if no other instance does so at the moment, and keeps the lease meanwhile. It spares work, and is no lock: whoever overslept its lease
 * may still act, so what `work` does must be harmless twice.
 *
 * @returns whether it was our turn
 */
export async function withLease(redis: BytesRedis, key: string, work: () => Promise<void>): Promise<boolean> {
  const me = randomBytes(16).toString('hex');
  const hold = async (): Promise<boolean> => (await runScript(redis, HOLD, [key], [me, String(LEASE)])) === 1;
  if (!(await hold())) return false;
  // A renewal that fails costs the lease at worst: another instance may then do the same beside us, which is harmless.
  const renewal = setInterval(() => void hold().catch(() => undefined), LEASE / 3);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    // What is not given back ends by itself; the work's own error, if there is one, is the one to be told.
    await runScript(redis, RELEASE, [key], [me]).catch(() => undefined);
  }
  return true;
}
