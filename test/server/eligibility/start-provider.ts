import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts `oidc-provider.ts` as a process of its own. @param callback - where its only client, `registrar`, wants browsers back */
export async function startProvider(
  callback: string,
): Promise<{ readonly process: ChildProcess; readonly issuer: string }> {
  const script = join(import.meta.dirname, 'oidc-provider.ts');
  const args = ['--import', 'tsx', script, callback, 'registrar', 'a secret of this test'];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore', 'ipc'], env });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { process: child, issuer: line };
}
