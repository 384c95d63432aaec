import { decodeUtf8 } from '../canonical-json.ts';
import { require } from '../errors.ts';
import type { Entry } from './entry.ts';
import { decodeEntryLine } from './entry.ts';

/** Whether an entry is one of those that every ballot rests on (SPEC §17.4): few, and small, however many vote. */
export function isFoundation({ kind }: Entry): boolean {
  return kind === 'approve' || kind.startsWith('ceremony-') || kind === 'roll-complete' || kind === 'seal';
}

/**
 * Entries of a record with gaps between them, a line each.
 *
 * @throws `record/line` for lines out of order or cut off, or entries of other kinds; `json/…`, `record/kind`, `record/shape`
 */
export function decodeFoundation(bytes: Uint8Array): Entry[] {
  const lines = decodeUtf8(bytes).split('\n');
  require(lines.pop() === '', 'record/line', 'the last line has no line feed at its end');
  const entries = lines.map(decodeEntryLine);
  let last = -1;
  for (const entry of entries) {
    require(entry.seq > last && isFoundation(entry), 'record/line', `entry ${entry.seq} does not belong there`);
    last = entry.seq;
  }
  return entries;
}
