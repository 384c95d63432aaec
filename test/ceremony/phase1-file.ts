import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { powersOfTau } from 'snarkjs';

const modules = join(import.meta.dirname, '../../node_modules/circomkit');

/** A phase 1 file of 2^15 that the tests of an installed snarkjs bring along: one contribution, without a name. */
export function installedPhase1(): string {
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' });
  const found = files.find((file) => file.endsWith('powersOfTau15_final.ptau'));
  if (found === undefined) throw new Error('powersOfTau15_final.ptau is not installed');
  return join(modules, found);
}

/** The same cut to 2^13, which `ballot-2` needs, in `folder`. @returns its path */
export async function shortPhase1(folder: string): Promise<string> {
  await powersOfTau.truncate(installedPhase1(), join(folder, 'phase1-'));
  return join(folder, 'phase1-13.ptau');
}
