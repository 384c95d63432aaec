import { runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from './box-store.ts';
import { KEYS } from './keys.ts';
import { PRUNE, REVIVE, SETTLE } from './settle-scripts.ts';

/** Updates that one step of Redis handles at most. */
const PART = 500;

/**
 * Compares the live updates of slots that the chain has changed with what the chain made of them: those it took are confirmed, those it
 * can take no more are returned. Nothing is decided while the chain is read again after a reorganisation. @returns how many are over now
 */
export async function settleUpdates({ redis, bytes }: BoxStore): Promise<number> {
  let settled = 0;
  for (;;) {
    if ((await redis.exists(KEYS.resync)) === 1) return settled;
    const members = await bytes.hRandFieldCount(KEYS.unsettled, PART);
    if (members.length === 0) return settled;
    settled += (await runScript(bytes, SETTLE, [], members)) as number;
  }
}

/** After a reorganisation: confirmed updates that the chain has given up wait again. @returns how many */
export async function reviveUpdates({ redis, bytes }: BoxStore): Promise<number> {
  let revived = 0;
  for await (const part of redis.zScanIterator(KEYS.confirmed, { COUNT: PART })) {
    revived += (await runScript(
      bytes,
      REVIVE,
      [],
      [part].flat().map(({ value }) => value),
    )) as number;
  }
  return revived;
}

/** Forgets the bodies of updates confirmed in blocks up to `block`, which nothing will take back. */
export async function pruneUpdates({ bytes }: BoxStore, block: number): Promise<void> {
  while (((await runScript(bytes, PRUNE, [], [String(block), String(PART)])) as number) === PART);
}
