import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress } from '../../../client/cli/frame/progress.ts';
import type { Outcome } from '../../../client/cli/frame/outcome.ts';
import { register } from '../../../client/cli/voter/register.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { RegistrarWorld } from './world.ts';
import { CODE } from './world.ts';

/** `urna voter register` as the north's first voter calls it, whose letter holds {@link CODE}. */
export interface RegisterCall {
  readonly out: string;
  run(options?: Readonly<Record<string, string>>): Promise<Outcome>;
}

export function registerCall({ folder, settings, voters }: RegistrarWorld, registrar: string): RegisterCall {
  const own = mkdtempSync(join(folder, 'voter-'));
  const [commitmentFile, codeFile, out] = ['commitment.json', 'code', 'registration.json'].map((name) =>
    join(own, name),
  ) as [string, string, string];
  const commitment = wordHex(voters[0]![0]!.identity.commitment);
  writeFileSync(commitmentFile, canonicalBytes({ type: 'urna/v1/commitment', commitment }));
  writeFileSync(codeFile, `${CODE}\n`, { mode: 0o600 });
  const options = { commitment: commitmentFile, codeFile, out, district: 'north', registrar };
  const named = { definition: settings.definitionFile, election: settings.election };
  const run = (changed: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
    register({ options: { ...options, ...changed }, args: [], settings: named, progress: createProgress(true) });
  return { out, run };
}
