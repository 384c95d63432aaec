import { rm } from 'node:fs/promises';
import { UrnaError } from '../../../protocol/errors.ts';
import { readText, refuse, writeFile } from '../../../protocol/node/files.ts';

/**
 * Keeps other processes out of a folder that is changed in place: a file beside it with the process's number. The file of a process that
 * is no more counts for nothing.
 *
 * @returns what gives the folder free again, undefined while another process has it
 * @throws `file/unwritable`, `file/unreadable`
 */
export async function lockFolder(folder: string): Promise<(() => Promise<void>) | undefined> {
  const file = `${folder}.lock`;
  for (const isLast of [false, true]) {
    try {
      await writeFile(file, String(process.pid));
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof UrnaError) || error.code !== 'file/exists') throw error;
      if (isLast || (await isHeld(file))) return undefined;
      await rm(file, { force: true }).catch((reason: unknown) => refuse(reason, file));
    }
  }
  return undefined;
}

async function isHeld(file: string): Promise<boolean> {
  const text = await readText(file, 32).catch(() => '');
  if (!/^[1-9][0-9]*$/u.test(text)) return false;
  try {
    process.kill(Number(text), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
