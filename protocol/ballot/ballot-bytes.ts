import type { Json } from '../canonical-json.ts';
import { drawRandomness, RANDOMNESS_BYTES } from './randomness.ts';
import type { Randomness } from './randomness.ts';
import { decodeHex } from '../encoding.ts';
import { at, require } from '../errors.ts';
import { readIndex } from '../json-members.ts';
import type { RandomBytes } from '../random.ts';

/** Values are below 2^10 (SPEC §8.2); a number that is far above is no vote. */
const MAX_VALUE = 2 ** 32;
const MAX_VALUES = 16;

/** New randomness as its 31 bytes; the one bit that ρ has no use for is 0 (SPEC §10.5). */
export function drawRandomnessBytes(random: RandomBytes): Uint8Array {
  const bytes = random(RANDOMNESS_BYTES);
  // In place: a copy would be left behind when this one is erased.
  bytes.set([at([...bytes.subarray(RANDOMNESS_BYTES - 1)], 0) & 0x7f], RANDOMNESS_BYTES - 1);
  return bytes;
}

/** ρ of its 31 bytes. @throws `code` unless there are 31 and the unused bit is 0 */
export function randomnessOf(value: Json | undefined, code: string): { bytes: Uint8Array; randomness: Randomness } {
  const bytes = decodeHex(value, RANDOMNESS_BYTES);
  require(at([...bytes], RANDOMNESS_BYTES - 1) < 0x80, code, 'the randomness is not in its canonical form');
  return { bytes, randomness: drawRandomness(() => bytes) };
}

/** Values of a vote in a file. @throws `code` */
export function readValues(value: Json | undefined, code: string): bigint[] {
  require(Array.isArray(value) && value.length <= MAX_VALUES, code, 'the values must be a list of at most 16 numbers');
  return (value as readonly Json[]).map((item) => {
    const number = readIndex(item, code);
    require(number < MAX_VALUE, code, 'a value is too large');
    return BigInt(number);
  });
}
