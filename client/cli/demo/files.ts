import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Party } from './party.ts';
import type { World } from './world.ts';

/** The built web client. */
export const WEB = fileURLToPath(new URL('../../../dist/web', import.meta.url));

/** A file of a party. */
export function pathOf(party: Party, name: string): string {
  return join(party.folder, name);
}

/** Writes a file that only its owner can read. */
export function writeOwn(party: Party, name: string, text: string): void {
  writeFileSync(pathOf(party, name), text, { mode: 0o600 });
}

/** The credential in a voter's letter, as the voter would type it. */
export function codeInLetter(party: Party, letter: string): string {
  const code = /^ +([0-9A-Z-]{20,})$/mu.exec(readFileSync(pathOf(party, letter), 'utf8'))?.[1];
  if (code === undefined) throw new Error('the letter holds no credential');
  return code;
}

/** Publishes a party's file, and gives everyone a fresh copy of the public folder. */
export function publish(world: World, from: Party, name: string, as: string): void {
  const target = pathOf(world.site, join('public', as));
  mkdirSync(join(target, '..'), { recursive: true });
  cpSync(pathOf(from, name), target, { recursive: true });
}

/** Downloads the public folder into the parties' own. */
export function download(world: World, parties: readonly Party[]): void {
  for (const party of parties) cpSync(pathOf(world.site, 'public'), pathOf(party, 'public'), { recursive: true });
}

/** Everyone who reads published files. */
export function everyone(world: World): Party[] {
  const { commission, registrar, officers, trustees, boxes, voters, observer, authority } = world;
  return [
    commission,
    registrar,
    authority,
    observer,
    ...officers,
    ...trustees,
    ...boxes,
    ...voters.map(({ party }) => party),
  ];
}
