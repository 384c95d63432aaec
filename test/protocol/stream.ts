import { concatBytes, encodeWord } from '../../protocol/encoding.ts';
import { keccak256 } from '../../protocol/hash.ts';
import type { RandomBytes } from '../../protocol/random.ts';

/** A reproducible stream of bytes for tests and vectors: keccak256(seed ‖ counter), block after block. */
export function streamOf(seed: string): RandomBytes {
  const key = new TextEncoder().encode(seed);
  let counter = 0n;
  let rest: Uint8Array = new Uint8Array();
  return (length) => {
    while (rest.length < length) rest = concatBytes(rest, keccak256(concatBytes(key, encodeWord(counter++))));
    const bytes = rest.slice(0, length);
    rest = rest.slice(length);
    return bytes;
  };
}
