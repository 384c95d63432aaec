import type { SignedTransaction } from '../../../contracts/client/signed-transaction.ts';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';
import { redisScript, runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from '../store/box-store.ts';
import { KEYS } from '../store/keys.ts';
import type { Lease } from '../store/lease.ts';
import type { Tracker } from '../store/updates.ts';

/**
 * A batch whose transaction was signed: stored before anybody sees it, and sent as it is, again and again, until a block has it or another of its number. So
 * a box that is killed at any moment never has two different batches of one number on their way.
 */
export interface OutboxEntry {
  readonly transaction: SignedTransaction;
  /** Hashes of the same batch under the same number with lower fees. */
  readonly earlier: readonly Hex[];
  readonly trackers: readonly Tracker[];
}

const OUTBOX = 'box:outbox';
const CODE = 'internal/store';

/** Puts an entry under its number, if the lease still is the holder's and (ARGV 4 = 1) the number is free. ARGV: lease, nonce, entry, fresh */
const PUT = redisScript(`
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
if ARGV[4] == '1' then return redis.call('HSETNX', '${OUTBOX}', ARGV[2], ARGV[3]) end
redis.call('HSET', '${OUTBOX}', ARGV[2], ARGV[3])
return 1
`);

/** ARGV: lease, nonce */
const REMOVE = redisScript(`
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
redis.call('HDEL', '${OUTBOX}', ARGV[2])
return 1
`);

/** All entries, by their numbers. */
export async function readOutbox({ redis }: BoxStore): Promise<OutboxEntry[]> {
  const entries = Object.values(await redis.hGetAll(OUTBOX)).map(decodeEntry);
  return entries.sort((a, b) => a.transaction.nonce - b.transaction.nonce);
}

/** Stores a new entry. @throws `state/lease` if another process posts by now, or has used the number */
export function putEntry(store: BoxStore, lease: Lease, entry: OutboxEntry): Promise<void> {
  return write(store, lease, PUT, [String(entry.transaction.nonce), encodeEntry(entry), '1']);
}

/** Stores another transaction of an entry that is there. @throws `state/lease` */
export function replaceEntry(store: BoxStore, lease: Lease, entry: OutboxEntry): Promise<void> {
  return write(store, lease, PUT, [String(entry.transaction.nonce), encodeEntry(entry), '0']);
}

/** Forgets an entry: what became of it is known. @throws `state/lease` */
export function removeEntry(store: BoxStore, lease: Lease, { transaction }: OutboxEntry): Promise<void> {
  return write(store, lease, REMOVE, [String(transaction.nonce)]);
}

async function write(store: BoxStore, lease: Lease, script: typeof PUT, args: readonly string[]): Promise<void> {
  const done = await runScript(store.bytes, script, [], [String(lease.number), ...args]);
  require(done === 1, 'state/lease', 'another process posts for this box by now');
}

function encodeEntry({ transaction, earlier, trackers }: OutboxEntry): string {
  const { hash, nonce, raw } = transaction;
  return canonicalJson({ hash, nonce, raw, earlier: [...earlier], trackers: [...trackers] });
}

function decodeEntry(text: string): OutboxEntry {
  const entry = readMembers(parseJson(text), ['hash', 'nonce', 'raw', 'earlier', 'trackers'], CODE);
  require(Array.isArray(entry.earlier) && Array.isArray(entry.trackers), CODE, 'a stored transaction is damaged');
  const word = (value: unknown): Hex => encodeHex(decodeHex(value, 32));
  return {
    transaction: { hash: word(entry.hash), nonce: readIndex(entry.nonce, CODE), raw: encodeHex(decodeHex(entry.raw)) },
    earlier: entry.earlier.map(word),
    trackers: entry.trackers.map(String) as Tracker[],
  };
}
