import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Names of what stands beside a file until all of it is written: registrations, and what `writeFile` writes. */
const BESIDE = /^(?:registrations-[1-9][0-9]{0,8}\.jsonl\.[0-9a-f]{16}\.part|\.[0-9a-f]{16}\.tmp)$/u;
/** Milliseconds after which nobody is still writing a file that nothing was added to. Other processes may be at work in the same folder. */
const ABANDONED = 600_000;

/**
 * Removes what processes that were killed have left beside files below a folder: nobody reads it, and of a large roll it takes much room.
 *
 * @param now - milliseconds since 1970
 * @returns how many there were
 */
export async function clearLeftovers(folder: string, now = Date.now()): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [] as string[];
  });
  let cleared = 0;
  for (const name of names.filter((each) => BESIDE.test(basename(each)))) {
    const path = join(folder, name);
    // Gone by now: it has found its place, or another process has removed it.
    const info = await stat(path).catch(() => undefined);
    if (info === undefined || now - info.mtimeMs < ABANDONED) continue;
    await rm(path, { force: true });
    cleared += 1;
  }
  return cleared;
}
