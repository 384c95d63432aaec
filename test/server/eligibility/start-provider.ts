import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Starts `oidc-provider.ts` as a process of its own.
 *
 * @param callback - where its only client, `registrar`, wants browsers back
 * @param issuer - as others know it who reach it through a proxy
 */
export async function startProvider(
  callback: string,
  issuer?: string,
): Promise<{ readonly process: ChildProcess; readonly issuer: string; readonly address: string }> {
  const script = join(import.meta.dirname, 'oidc-provider.ts');
  const args = [
    '--import',
    'tsx',
    script,
    callback,
    'registrar',
    'a secret of this test',
    ...(issuer === undefined ? [] : [issuer]),
  ];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore', 'ipc'], env });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { process: child, issuer: issuer ?? line, address: line };
}
