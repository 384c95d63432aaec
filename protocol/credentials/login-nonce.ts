import { wordHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { hashWords } from '../hash.ts';
import type { Field } from '../math/field.ts';

/**
 * `H("second-factor", commitment, salt)` as 64 hex digits (SPEC §17.1): what a second office signs beside a person's name, so that its word counts for one
 * commitment only. Without the salt, 256 random bits of the voter's client, it could look commitments up in the published roll.
 */
export function loginNonce(commitment: Field, salt: Hex): string {
  return wordHex(hashWords('second-factor', [commitment, BigInt(salt)])).slice(2);
}
