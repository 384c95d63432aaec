import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { concatBytes, decodeHex, encodeHex, encodeText } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { sha256 } from '../../../protocol/hash.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';

/** Which record: how many entries, and its hash after them (SPEC §14.4). */
export interface RecordHead {
  readonly entries: number;
  readonly hash: Hex;
}

/** The head of the record that was read. */
export function recordHead(
  { definitionHash }: ElectionContext,
  { entries }: { readonly entries: readonly Entry[] },
): RecordHead {
  let hash = sha256(concatBytes(encodeText('urna/v1/record'), decodeHex(definitionHash, 32)));
  for (const entry of entries) {
    const line = sha256(encodeText(encodeEntryLine(entry)));
    hash = sha256(concatBytes(encodeText('urna/v1/record-entry'), hash, line));
  }
  return { entries: entries.length, hash: encodeHex(hash) };
}
