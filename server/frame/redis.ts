import { RESP_TYPES, createClient } from 'redis';
import { UrnaError, require } from '../../protocol/errors.ts';

/** A connection to Redis; answers are text. Made by {@link connectRedis}, the one importer of `redis`. */
export type Redis = ReturnType<typeof plainClient>;

/** The same connection with answers as bytes. */
export type BytesRedis = ReturnType<typeof bytesOf>;

const LONGEST_PAUSE = 2_000;

function plainClient(url: string) {
  const socket = url.startsWith('unix:') ? { path: url.slice('unix:'.length) } : {};
  const reconnectStrategy = (tries: number): number => Math.min(50 * 2 ** Math.min(tries, 6), LONGEST_PAUSE);
  return createClient({
    ...(url.startsWith('unix:') ? {} : { url }),
    socket: { ...socket, reconnectStrategy, connectTimeout: 5_000 },
    RESP: 3,
    // A service says that it is not available rather than promise what is not stored.
    disableOfflineQueue: true,
  });
}

/** A view of the connection whose answers are `Buffer`s. */
export function bytesOf(redis: Redis) {
  return redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
}

/**
 * Connects to the Redis at `url`, `redis://…`, `rediss://…` or `unix:PATH`, and goes on connecting when it is lost.
 *
 * @param lost - told whenever the connection breaks; never with an address or password
 * @throws `redis/unreachable`, `redis/persistence` unless every write is on disk before it is answered (DESIGN §3)
 */
export async function connectRedis(url: string, lost: (line: string) => void): Promise<Redis> {
  const redis = plainClient(url);
  redis.on('error', (error: Error & { readonly code?: string }) => lost(`redis: ${error.code ?? error.name}`));
  try {
    await redis.connect();
  } catch {
    throw new UrnaError('redis/unreachable', 'Redis does not answer at the configured address');
  }
  await requirePersistence(redis);
  return redis;
}

async function requirePersistence(redis: Redis): Promise<void> {
  const { appendonly } = await redis.configGet('appendonly');
  const { appendfsync } = await redis.configGet('appendfsync');
  const { 'maxmemory-policy': policy } = await redis.configGet('maxmemory-policy');
  const durable = appendonly === 'yes' && appendfsync === 'always' && policy === 'noeviction';
  require(durable, 'redis/persistence', 'Redis must run with appendonly yes, appendfsync always and maxmemory-policy noeviction');
}

/** Whether the error says that Redis is not there at the moment: what it was asked may or may not have been done. */
export function isRedisLost(error: unknown): boolean {
  const name = error instanceof Error ? error.constructor.name : '';
  return /^(?:ClientOfflineError|ClientClosedError|SocketClosedUnexpectedlyError|DisconnectsClientError|ConnectionTimeoutError|SocketTimeoutError|AbortError)$/u.test(
    name,
  );
}
