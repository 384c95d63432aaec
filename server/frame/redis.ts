import {
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ErrorReply,
  RESP_TYPES,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
  TimeoutError,
  createClient,
} from 'redis';
import { UrnaError, require } from '../../protocol/errors.ts';

/** A connection to Redis; answers are text. Made by {@link connectRedis}, the one importer of `redis`. */
export type Redis = ReturnType<typeof plainClient>;

/** The same connection with answers as bytes. */
export type BytesRedis = ReturnType<typeof bytesOf>;

/** Milliseconds between two tries to connect again. */
const LONGEST_PAUSE = 2_000;
/** Tries at the start, about five seconds; a connection that was there once is waited for without end. */
const FIRST_TRIES = 7;

function plainClient(url: string) {
  const socket = url.startsWith('unix:') ? { path: url.slice('unix:'.length) } : {};
  let wasThere = false;
  const reconnectStrategy = (tries: number): number | Error =>
    wasThere || tries < FIRST_TRIES ? Math.min(50 * 2 ** Math.min(tries, 6), LONGEST_PAUSE) : new Error('not there');
  const client = createClient({
    ...(url.startsWith('unix:') ? {} : { url }),
    socket: { ...socket, reconnectStrategy, connectTimeout: 5_000 },
    RESP: 3,
    // A service says that it is not available rather than promise what is not stored.
    disableOfflineQueue: true,
  });
  client.on('ready', () => (wasThere = true));
  return client;
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
    redis.destroy();
    throw new UrnaError('redis/unreachable', 'Redis does not answer at the configured address');
  }
  try {
    await requirePersistence(redis);
    return redis;
  } catch (error) {
    // Else it would go on connecting for nobody, and keep the process from ending.
    redis.destroy();
    throw error;
  }
}

async function requirePersistence(redis: Redis): Promise<void> {
  const { appendonly } = await redis.configGet('appendonly');
  const { appendfsync } = await redis.configGet('appendfsync');
  const { 'maxmemory-policy': policy } = await redis.configGet('maxmemory-policy');
  const durable = appendonly === 'yes' && appendfsync === 'always' && policy === 'noeviction';
  require(durable, 'redis/persistence', 'Redis must run with appendonly yes, appendfsync always and maxmemory-policy noeviction');
}

const LOST = [
  ...[AbortError, ClientClosedError, ClientOfflineError, ConnectionTimeoutError, DisconnectsClientError],
  ...[SocketClosedUnexpectedlyError, SocketTimeoutError, TimeoutError],
];

/** Errors of a connection, not of the file system. */
const BROKEN = /^(?:ECONN|EPIPE$|ETIMEDOUT$|EHOST|ENET|EAI_|ENOTFOUND$)/u;

/**
 * Whether the error says that Redis cannot answer at the moment: its connection broke, it reads its file after a restart, or it cannot write.
 * What it was asked may or may not have been done.
 */
export function isRedisLost(error: unknown): boolean {
  if (error instanceof ErrorReply) return /^(?:LOADING|MISCONF|READONLY|MASTERDOWN) /u.test(error.message);
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  return LOST.some((each) => error instanceof each) || syscall === 'connect' || BROKEN.test(code);
}
