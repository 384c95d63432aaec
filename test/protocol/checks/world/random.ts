import { concatBytes, encodeWord } from '../../../../protocol/encoding.ts';
import { keccak256 } from '../../../../protocol/hash.ts';
import type { RandomBytes } from '../../../../protocol/random.ts';

/** A reproducible stream of bytes: fine for a world of tests, useless for anything else. */
export function stream(seed: string): RandomBytes {
  const start = keccak256(new TextEncoder().encode(seed));
  let counter = 0n;
  return (length) => {
    const blocks: Uint8Array[] = [];
    for (let have = 0; have < length; have += 32) blocks.push(keccak256(concatBytes(start, encodeWord(counter++))));
    return concatBytes(...blocks).subarray(0, length);
  };
}
