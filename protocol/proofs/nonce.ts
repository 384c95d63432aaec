import { concatBytes, encodeWord } from '../encoding.ts';
import { domainTag, keccak256 } from '../hash.ts';
import type { Scalar } from '../math/field.ts';
import { scalarFromBytes } from '../math/field.ts';
import type { RandomBytes } from '../random.ts';

/**
 * A secret nonce for one proof: fresh randomness hashed with the secrets and the statement, so that neither a weak
 * random source nor a repeated state of one gives two statements the same nonce (which would give the secret away).
 */
export function hedgedNonce(random: RandomBytes, secrets: readonly Scalar[], statement: readonly bigint[]): Scalar {
  const words = [...secrets, BigInt(secrets.length), ...statement].map(encodeWord);
  const seed = keccak256(concatBytes(domainTag('nonce'), random(32), ...words));
  const block = (index: bigint): Uint8Array => keccak256(concatBytes(seed, encodeWord(index)));
  return scalarFromBytes(concatBytes(block(0n), block(1n)).subarray(0, 48));
}
