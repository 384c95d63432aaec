import { decodeHex } from '../../../protocol/encoding.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import { packRegistration, packRevocation, unpackRegistration, unpackRevocation } from '../store/packed.ts';

/** district (2) ‖ credential key (32): what entries are ordered by. */
const NAME = 34;
/** kind (1) ‖ length (1) ‖ packed entry, at most 114 bytes. */
const ROW = NAME + 2 + 114;

/** Entries of a register as bytes, 150 each: a city's are sorted in a quarter of a gigabyte. */
export class EntryTable {
  #rows = Buffer.alloc(ROW * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(entry: RegisterEvent): void {
    const start = this.#length * ROW;
    if (start === this.#rows.length) this.#rows = Buffer.concat([this.#rows, Buffer.alloc(start)]);
    const packed = 'signature' in entry ? packRegistration(entry, 0) : packRevocation(entry);
    this.#rows.writeUInt16BE(entry.district, start);
    this.#rows.set(decodeHex(entry.credentialKey, 32), start + 2);
    this.#rows[start + NAME] = 'signature' in entry ? 1 : 0;
    this.#rows[start + NAME + 1] = packed.length;
    this.#rows.set(packed, start + NAME + 2);
    this.#length += 1;
  }

  /** By district, then credential key, each credential once: a scan of a hash may show the same one twice. */
  *sorted(): Generator<RegisterEvent> {
    const rows = this.#rows;
    const compare = (a: number, b: number): number =>
      rows.compare(rows, b * ROW, b * ROW + NAME, a * ROW, a * ROW + NAME);
    const order = Uint32Array.from({ length: this.#length }, (_, i) => i).sort(compare);
    let previous: number | undefined;
    for (const index of order) {
      if (previous === undefined || compare(previous, index) !== 0) yield this.#at(index);
      previous = index;
    }
  }

  #at(index: number): RegisterEvent {
    const row = this.#rows.subarray(index * ROW, (index + 1) * ROW);
    const key = row.subarray(2, NAME);
    const packed = row.subarray(NAME + 2, NAME + 2 + (row[NAME + 1] ?? 0));
    return row[NAME] === 1 ? unpackRegistration(key, packed).registration : unpackRevocation(key, packed);
  }
}
