import type { Hex } from '../../../../protocol/encoding.ts';
import { encodeHex } from '../../../../protocol/encoding.ts';
import { keccak256 } from '../../../../protocol/hash.ts';
import type { Entry, EntryData, EntryKind } from '../../../../protocol/record/entry.ts';
import { START } from './plan.ts';

/** A chain of the world: entries in order, one block each. */
export interface Ledger {
  readonly entries: Entry[];
  /** Seconds from {@link START}. */
  time: number;
}

/** Signatures are put in by `sign.ts` once everything else stands. */
export const UNSIGNED: Hex = `0x${'00'.repeat(65)}`;
export const NO_ACT = { number: 0, expiry: 0, signatures: [] };

/** Appends an entry at the ledger's time, which moves on by a second. */
export function post<K extends EntryKind>(ledger: Ledger, kind: K, data: EntryData<K>): void {
  const seq = ledger.entries.length;
  const transaction = encodeHex(keccak256(new TextEncoder().encode(`transaction ${seq}`)));
  const time = START + ledger.time++;
  ledger.entries.push({ seq, block: 100 + seq, time, transaction, kind, data } as unknown as Entry);
}
