import type { Hex } from '../encoding.ts';
import { compareChanges } from '../roll/reasons.ts';
import type { RegisterEvent } from './register.ts';
import { registrationLeaf } from './registration-file.ts';
import type { RegisterEvents } from './registration-lines.ts';

/** A credential whose entry differs between two registration files; `undefined` where a file has none of it. */
export interface ChangedEntry {
  readonly district: number;
  readonly credentialKey: Hex;
  readonly before: RegisterEvent | undefined;
  readonly now: RegisterEvent | undefined;
}

/**
 * All that differs between two files (SPEC §6, reasons), by district, then key: what the reasons of the later must list, no more. Reads
 * both to their ends, side by side, one entry of each in memory.
 */
export async function* changedEntries(before: RegisterEvents, now: RegisterEvents): AsyncGenerator<ChangedEntry> {
  const [olds, news] = [iteratorOf(before), iteratorOf(now)];
  let [old, fresh] = [await next(olds), await next(news)];
  for (;;) {
    const first = old === undefined || (fresh !== undefined && compareChanges(fresh, old) < 0) ? fresh : old;
    if (first === undefined) return;
    const [was, is] = [same(old, first), same(fresh, first)];
    if (leafOf(was) !== leafOf(is)) {
      yield { district: first.district, credentialKey: first.credentialKey, before: was, now: is };
    }
    if (was !== undefined) old = await next(olds);
    if (is !== undefined) fresh = await next(news);
  }
}

type Source = Iterator<RegisterEvent> | AsyncIterator<RegisterEvent>;

function iteratorOf(events: RegisterEvents): Source {
  return Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]();
}

async function next(source: Source): Promise<RegisterEvent | undefined> {
  const step = await source.next();
  return step.done === true ? undefined : step.value;
}

/** The entry, if it is of the same credential. */
function same(entry: RegisterEvent | undefined, other: RegisterEvent): RegisterEvent | undefined {
  return entry !== undefined && compareChanges(entry, other) === 0 ? entry : undefined;
}

function leafOf(entry: RegisterEvent | undefined): bigint | undefined {
  return entry === undefined ? undefined : registrationLeaf(entry);
}
