import { concatBytes } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';

/** An item of Ethereum's recursive length prefix encoding: bytes, or a list of items. */
export type Rlp = Uint8Array | readonly Rlp[];

/** Headers and trie nodes nest no deeper: what does is neither, and must not exhaust the stack. */
const MAX_DEPTH = 4;
const SHORT = 55;

/** The encoding of an item (Ethereum yellow paper, appendix B). */
export function encodeRlp(item: Rlp): Uint8Array {
  if (item instanceof Uint8Array) {
    const alone = item.length === 1 && (item[0] ?? 0) < 0x80;
    return alone ? item : concatBytes(prefix(0x80, item.length), item);
  }
  const content = concatBytes(...item.map(encodeRlp));
  return concatBytes(prefix(0xc0, content.length), content);
}

function prefix(base: number, length: number): Uint8Array {
  if (length <= SHORT) return Uint8Array.of(base + length);
  const bytes = numberBytes(BigInt(length));
  return concatBytes(Uint8Array.of(base + SHORT + bytes.length), bytes);
}

/** A number as RLP has it: big-endian without leading zeros, 0 is empty. */
export function numberBytes(value: bigint): Uint8Array {
  const digits = value === 0n ? '' : value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => parseInt(even.slice(2 * i, 2 * i + 2), 16));
}

/** Strict inverse of {@link encodeRlp}: one item, the shortest form, nothing after it. @throws `seals/rlp` */
export function decodeRlp(bytes: Uint8Array): Rlp {
  const { item, end } = readItem(bytes, 0, bytes.length, 0);
  require(end === bytes.length, 'seals/rlp', 'bytes after the end of an RLP item');
  return item;
}

interface Read {
  readonly item: Rlp;
  readonly end: number;
}

function readItem(bytes: Uint8Array, at: number, limit: number, depth: number): Read {
  require(at < limit && depth <= MAX_DEPTH, 'seals/rlp', 'an RLP item is cut off, or nested too deeply');
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = first >= 0xc0;
  const { start, length } = readLength(bytes, at, limit, first - (isList ? 0xc0 : 0x80));
  const end = start + length;
  require(end <= limit, 'seals/rlp', 'an RLP item is cut off');
  if (!isList) {
    const item = bytes.subarray(start, end);
    require(length !== 1 || (item[0] ?? 0) >= 0x80, 'seals/rlp', 'an RLP item is not in its shortest form');
    return { item, end };
  }
  const items: Rlp[] = [];
  for (let next = start; next < end;) {
    const read = readItem(bytes, next, end, depth + 1);
    items.push(read.item);
    next = read.end;
  }
  return { item: items, end };
}

function readLength(bytes: Uint8Array, at: number, limit: number, code: number): { start: number; length: number } {
  if (code <= SHORT) return { start: at + 1, length: code };
  const start = at + 1 + code - SHORT;
  require(start <= limit && code - SHORT <= 4, 'seals/rlp', 'an RLP item is cut off, or too long');
  const length = bytes.subarray(at + 1, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const shortest = length > SHORT && bytes[at + 1] !== 0;
  require(shortest, 'seals/rlp', 'an RLP length is not in its shortest form');
  return { start, length };
}

/** An item that must be bytes, of `length` where that is given. @throws `seals/rlp` */
export function rlpBytes(item: Rlp | undefined, length?: number): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new UrnaError('seals/rlp', 'a list stands where bytes belong');
  require(length === undefined || item.length === length, 'seals/rlp', `an item of ${item.length} bytes`);
  return item;
}

/** An item that must be a number of at most 32 bytes, without leading zeros. @throws `seals/rlp` */
export function rlpNumber(item: Rlp | undefined): bigint {
  const bytes = rlpBytes(item);
  require(bytes.length <= 32 && bytes[0] !== 0, 'seals/rlp', 'not a number in its shortest form');
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** An item that must be a list, of `length` items where that is given. @throws `seals/rlp` */
export function rlpList(item: Rlp, length?: number): readonly Rlp[] {
  if (item instanceof Uint8Array) throw new UrnaError('seals/rlp', 'bytes stand where a list belongs');
  require(length === undefined || item.length === length, 'seals/rlp', `a list of ${item.length} items`);
  return item;
}
