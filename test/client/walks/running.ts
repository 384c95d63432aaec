import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Party } from '../../../client/cli/demo/party.ts';

const URNA = fileURLToPath(new URL('../../../bin/urna.mjs', import.meta.url));

/** A command on its way. */
export interface Running {
  /** Ends it as a power cut does: it cleans nothing up. */
  kill(): Promise<void>;
}

/** Starts `urna` as this party, in its folder, and does not wait for it. */
export function startUrna({ folder }: Party, ...words: readonly string[]): Running {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, ['--no-warnings', URNA, ...words], { cwd: folder, env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  return {
    kill: async () => {
      if (child.exitCode !== null) throw new Error(`urna ${words.join(' ')} had ended by itself`);
      killed();
      await ended;
      process.removeListener('exit', killed);
    },
  };
}
