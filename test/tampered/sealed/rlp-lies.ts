import { concatBytes } from '../../../protocol/encoding.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { encodeRlp } from '../../../protocol/seals/rlp.ts';
import type { SealLie } from './lie.ts';
import { lie, resealed, right, withHeaders } from './lie.ts';
import { FIELD, fieldsOf } from './reseal.ts';

/** A header with a field of which no verifier asks what it is, in a run that all validators sealed in turn. */
const withField = (header: number, value: Rlp): SealLie['forge'] => {
  return (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields, i) => i === header && (fields[FIELD.coinbase] = value),
    }));
};

const unread = (words: string, value: Rlp): SealLie => right(words, withField(0, value));

/** The first header with these bytes in place of a field's encoding: no encoder would write them. */
function miswritten(words: string, says: string, ...bytes: readonly number[]): SealLie {
  return lie(words, says, (e) =>
    withHeaders(e, ([first, ...others]) => {
      const fields = fieldsOf(first!).map((field, i) => (i === 0 ? Uint8Array.from(bytes) : encodeRlp(field)));
      const content = concatBytes(...fields);
      return [concatBytes(Uint8Array.of(0xf9, content.length >> 8, content.length & 255), content), ...others];
    }),
  );
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
const nested = (lists: number): Rlp => (lists === 0 ? Uint8Array.of(7) : [nested(lists - 1)]);

/** How a header is written: lies about its encoding, and what is unusual and right. */
export const RLP_LIES: readonly SealLie[] = [
  ...[0, 0x7f, 0x80, 0xff].map((byte) => unread(`a field is the byte ${byte}`, Uint8Array.of(byte))),
  ...[0, 55, 56, 255, 256].map((length) => unread(`a field has ${length} bytes`, new Uint8Array(length).fill(1))),
  unread('a field is an empty list', []),
  unread('a field is a list of 56 bytes', [new Uint8Array(55).fill(1)]),
  unread('an item stands in four lists', nested(3)),
  lie('an item stands in five lists', 'nested too deeply', withField(3, nested(4))),
  lie('a header is empty', 'cut off', (e) => withHeaders(e, ([, ...others]) => [new Uint8Array(), ...others])),
  lie('a header has another length than it says', 'cut off', (e) =>
    withHeaders(e, ([first, ...others]) => [first!.subarray(0, -1), ...others]),
  ),
  lie('a header’s length is cut off', 'cut off, or too long', (e) =>
    withHeaders(e, ([, ...others]) => [Uint8Array.of(0xf9, 2), ...others]),
  ),
  lie('a header ends after its length', 'is cut off', (e) =>
    withHeaders(e, ([, ...others]) => [Uint8Array.of(0xf9, 2, 0), ...others]),
  ),
  lie('a header says that it has two gigabytes', 'item is cut off', (e) =>
    withHeaders(e, ([, ...others]) => [Uint8Array.of(0xfb, 0x7f, 255, 255, 255), ...others]),
  ),
  miswritten('a byte is written with its length', 'shortest form', 0x81, 0x7f),
  miswritten('55 bytes are written with a length of their length', 'shortest form', 0xb8, 55, ...zeros(55)),
  miswritten('a length begins with a zero', 'shortest form', 0xb9, 0, 56, ...zeros(56)),
  miswritten('a length has five bytes', 'too long', 0xbc, 1, 0, 0, 0, 0),
];
