import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';
import { sealedSubjects } from './sealed-subjects.ts';
import type { RegistrarWorld } from './world.ts';

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

/** A provider, and the settings by which the registrar of `world` asks it. @param eligible - names of who may register @param named - its issuer, if it stands behind a proxy */
export async function startSecondFactor(
  world: RegistrarWorld,
  oidcCallbackUrl: string,
  eligible: readonly string[],
  named?: string,
): Promise<{
  readonly process: ChildProcess;
  readonly address: string;
  readonly settings: Partial<EligibilitySettings>;
}> {
  const { process: child, issuer, address } = await startProvider(oidcCallbackUrl, named);
  const oidcClientSecretFile = join(world.folder, 'client-secret');
  writeFileSync(oidcClientSecretFile, 'a secret of this test\n', { mode: 0o600 });
  const files = { oidcClientSecretFile, ...sealedSubjects(world, issuer, eligible) };
  const settings = { ...files, oidcIssuer: issuer, oidcClientId: 'registrar', oidcCallbackUrl };
  return { process: child, address, settings };
}
