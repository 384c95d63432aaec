import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Party } from '../../../client/cli/demo/party.ts';

const URNA = fileURLToPath(new URL('../../../bin/urna.mjs', import.meta.url));

/** A command on its way. */
export interface Running {
  /** Ends it as a power cut does: it cleans nothing up. */
  kill(): Promise<void>;
  /** Never comes, unless the command ends by itself: then it fails, with what the command said. */
  readonly ended: Promise<never>;
}

/** Starts `urna` as this party, in its folder, and does not wait for it. */
export function startUrna({ folder }: Party, ...words: readonly string[]): Running {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, ['--no-warnings', URNA, ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part.toString()));
  const left = once(child, 'close');
  const ended = left.then(([status]) => {
    throw new Error(`urna ${words.join(' ')} ended by itself with ${String(status)}: ${said.join('')}`);
  });
  ended.catch(() => undefined);
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  return {
    kill: async () => {
      if (child.exitCode !== null) throw new Error(`urna ${words.join(' ')} had ended by itself`);
      killed();
      await left;
      process.removeListener('exit', killed);
    },
    ended,
  };
}
