import { require } from '../protocol/errors.ts';

/** Reads little-endian numbers and bytes in turn; past the end is an error, never zeros. */
export interface Reader {
  u8(): number;
  u32(): number;
  take(length: number): Uint8Array;
  /** Bytes that are left. */
  left(): number;
}

/** A reader of `bytes`. @throws `setup/file` from any read past the end */
export function readerOf(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  const advance = (length: number): number => {
    require(length <= bytes.length - position, 'setup/file', 'a setup file is cut off');
    const start = position;
    position += length;
    return start;
  };
  return {
    u8: () => view.getUint8(advance(1)),
    u32: () => view.getUint32(advance(4), true),
    take: (length) => bytes.subarray(advance(length), position),
    left: () => bytes.length - position,
  };
}

/**
 * The sections of a file in iden3's binary format (`.zkey`, `.ptau`), by number. Stricter than snarkjs, which skips what it does not
 * expect: each section once, nothing behind the last.
 *
 * @param magic - its first four characters
 * @throws `setup/file`
 */
export function readSections(bytes: Uint8Array, magic: 'zkey' | 'ptau'): ReadonlyMap<number, Uint8Array> {
  const file = readerOf(bytes);
  const found = new TextDecoder('latin1').decode(file.take(4));
  require(found === magic && file.u32() === 1, 'setup/file', `not a .${magic} file of version 1`);
  const sections = new Map<number, Uint8Array>();
  for (let left = file.u32(); left > 0; left--) {
    const number = file.u32();
    const size = file.u32() + file.u32() * 2 ** 32;
    require(!sections.has(number), 'setup/file', `section ${number} stands twice`);
    sections.set(number, file.take(size));
  }
  require(file.left() === 0, 'setup/file', 'bytes follow the last section');
  return sections;
}

/** A reader of one section. @throws `setup/file` if there is none */
export function sectionReader(sections: ReadonlyMap<number, Uint8Array>, number: number): Reader {
  const section = sections.get(number);
  require(section !== undefined, 'setup/file', `section ${number} is missing`);
  return readerOf(section);
}

/** What a contribution says of itself, in both phases' files. */
export interface Parameters {
  /** Empty where none was given. */
  readonly name: string;
  /** Of a beacon: log2 of the number of hashes, and what was hashed. */
  readonly iterationsLog2?: number;
  readonly value?: Uint8Array;
}

const NAME = 1;
const ITERATIONS = 2;
const VALUE = 3;

/** The parameters at the end of a contribution: a length, then tagged values by increasing tag. @throws `setup/file` */
export function readParameters(file: Reader): Parameters {
  const list = readerOf(file.take(file.u32()));
  const found: { name: string; iterationsLog2?: number; value?: Uint8Array } = { name: '' };
  for (let last = 0; list.left() > 0;) {
    const tag = list.u8();
    require(tag > last && tag <= VALUE, 'setup/file', 'a contribution’s parameters are out of order or unknown');
    last = tag;
    if (tag === NAME) found.name = new TextDecoder().decode(list.take(list.u8()));
    if (tag === ITERATIONS) found.iterationsLog2 = list.u8();
    if (tag === VALUE) found.value = list.take(list.u8()).slice();
  }
  return found;
}
