import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress } from '../../../client/cli/frame/progress.ts';
import type { Outcome } from '../../../client/cli/frame/outcome.ts';
import { register } from '../../../client/cli/voter/register.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { encodeRegistration } from '../../../protocol/credentials/registration.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { put, urna } from '../../client/cli/urna.ts';
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

/** The folder of the north's first voter, in which `urna` runs as a process. */
export interface VoterFolder {
  /** What names the voter by the letter's code alone. */
  readonly byCode: readonly string[];
  readonly folder: string;
  verdict(
    ...words: readonly string[]
  ): Promise<{ exit: number; code: string; data: Readonly<Record<string, unknown>> }>;
  /** Writes a registration file. @returns its path */
  registration(registration: Registration): string;
  put(name: string, content: string): string;
  read(name: string): string;
  has(name: string): boolean;
}

export function voterFolder({ folder, settings }: RegistrarWorld): VoterFolder {
  const own = mkdtempSync(join(folder, 'voter-'));
  const { definitionFile: definition, election, rpc } = settings;
  put(own, 'urna.config.json', JSON.stringify({ definition, election, rpc }));
  put(own, 'code', `${CODE}\n`, 0o600);
  return {
    byCode: ['--district', 'north', '--code-file', 'code'],
    folder: own,
    async verdict(...words) {
      const { status, answer, stderr } = await urna(own, [...words, '--json']);
      if (answer === undefined) throw new Error(`urna ${words.join(' ')} answered no JSON: ${stderr}`);
      return { exit: status, code: answer.code, data: answer.data };
    },
    registration: (registration) =>
      put(
        own,
        `r-${registration.sequence}-${registration.signature.slice(2, 10)}.json`,
        `${encodeRegistration(registration)}\n`,
      ),
    put: (name, content) => put(own, name, content),
    read: (name) => readFileSync(join(own, name), 'utf8'),
    has: (name) => existsSync(join(own, name)),
  };
}
