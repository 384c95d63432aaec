import { createHash } from 'node:crypto';
import type { BytesRedis } from './redis.ts';

/** A Lua script that Redis runs as one step: what must change together changes together. */
export interface RedisScript {
  readonly source: string;
  readonly sha1: string;
}

/** What a script gives back: bytes, numbers, lists of them, null for false. */
export type ScriptReply = Buffer | number | null | readonly ScriptReply[];

export function redisScript(source: string): RedisScript {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/** Runs a script on `keys`; Redis is sent the source only where it does not know it (it forgets scripts when it restarts). */
export async function runScript(
  redis: BytesRedis,
  { source, sha1 }: RedisScript,
  keys: readonly string[],
  args: readonly (string | Buffer)[],
): Promise<ScriptReply> {
  const options = { keys: [...keys], arguments: [...args] };
  try {
    return (await redis.evalSha(sha1, options)) as ScriptReply;
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return (await redis.eval(source, options)) as ScriptReply;
  }
}
