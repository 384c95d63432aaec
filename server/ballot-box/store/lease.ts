import { redisScript, runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from './box-store.ts';
import { KEYS } from './keys.ts';

/**
 * The right to post for a box, for some seconds. Its number grows from holder to holder, and whatever a holder writes is refused once
 * there is a newer one: a process that slept through its lease cannot spoil another's work.
 */
export interface Lease {
  readonly number: number;
}

/** The number of the new holder, or 0 while another holds the lease. ARGV: milliseconds */
const TAKE_LEASE = redisScript(`
if redis.call('EXISTS', '${KEYS.lease}') == 1 then return 0 end
local number = redis.call('INCR', '${KEYS.fence}')
redis.call('SET', '${KEYS.lease}', number, 'PX', ARGV[1])
return number
`);

/** 1 if the lease still was the holder's and is so for longer now. ARGV: number, milliseconds */
const RENEW_LEASE = redisScript(`
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', '${KEYS.lease}', ARGV[2])
`);

/** Gives a lease up. ARGV: number */
const DROP_LEASE = redisScript(`
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
return redis.call('DEL', '${KEYS.lease}')
`);

/** The lease, or undefined while another process holds it. @param milliseconds - until it ends unless renewed */
export async function takeLease({ bytes }: BoxStore, milliseconds: number): Promise<Lease | undefined> {
  const number = (await runScript(bytes, TAKE_LEASE, [], [String(milliseconds)])) as number;
  return number === 0 ? undefined : { number };
}

/** Whether the lease still was this holder's; then it is, for that long from now. */
export async function renewLease({ bytes }: BoxStore, { number }: Lease, milliseconds: number): Promise<boolean> {
  return (await runScript(bytes, RENEW_LEASE, [], [String(number), String(milliseconds)])) === 1;
}

/** Gives the lease up, so that another process need not wait for its end. */
export async function dropLease({ bytes }: BoxStore, { number }: Lease): Promise<void> {
  await runScript(bytes, DROP_LEASE, [], [String(number)]);
}
