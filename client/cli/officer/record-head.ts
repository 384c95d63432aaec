import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { encodeHex, encodeText } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { startHash } from '../../../protocol/record/chain-hash.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import { hashAfter } from '../../../protocol/record/segment.ts';

/** What an anchor names: how many entries a record has, and its hash after them (SPEC §14.4). */
export interface AnchoredRecord {
  readonly entries: number;
  readonly hash: Hex;
}

/** That of the record that was read. */
export function recordHead(
  { definitionHash }: ElectionContext,
  { entries }: { readonly entries: readonly Entry[] },
): AnchoredRecord {
  const lines = entries.map((entry) => encodeText(encodeEntryLine(entry)));
  return { entries: entries.length, hash: encodeHex(hashAfter({ before: startHash(definitionHash), lines })) };
}
