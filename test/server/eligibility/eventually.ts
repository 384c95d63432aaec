import { setTimeout as pause } from 'node:timers/promises';

/** Waits until something is so; its time is the service's own. @throws if it is not within a minute and a half */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 900; tries++) {
    if (await isSo()) return;
    await pause(100);
  }
  throw new Error('it never came to that');
}
