import type { Hex } from '../encoding.ts';
import { compareChanges } from '../roll/reasons.ts';
import type { RegisterEvent } from './register.ts';
import { registrationLeaf } from './registration-file.ts';

/** A credential whose entry differs between two registration files; `undefined` where a file has none of it. */
export interface ChangedEntry {
  readonly district: number;
  readonly credentialKey: Hex;
  readonly before: RegisterEvent | undefined;
  readonly now: RegisterEvent | undefined;
}

/** All that differs between two files (SPEC §6, reasons), by district, then key: what the reasons of the later must list, no more. */
export function changedEntries(before: readonly RegisterEvent[], now: readonly RegisterEvent[]): ChangedEntry[] {
  const [old, fresh] = [byName(before), byName(now)];
  return [...new Map([...old, ...fresh])]
    .map(([name, { district, credentialKey }]) => {
      return { district, credentialKey, before: old.get(name), now: fresh.get(name) };
    })
    .filter((change) => leafOf(change.before) !== leafOf(change.now))
    .sort(compareChanges);
}

function byName(entries: readonly RegisterEvent[]): Map<string, RegisterEvent> {
  return new Map(entries.map((entry) => [`${entry.district}/${entry.credentialKey}`, entry]));
}

function leafOf(entry: RegisterEvent | undefined): bigint | undefined {
  return entry === undefined ? undefined : registrationLeaf(entry);
}
