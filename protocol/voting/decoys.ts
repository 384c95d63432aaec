import { decodeHex, decodeNumber } from '../encoding.ts';
import { hashWords } from '../hash.ts';
import { r, toField } from '../math/field.ts';
import type { Field } from '../math/field.ts';
import type { ElectionContext } from '../credentials/registration.ts';

/** What a decoy stands beside: the own commitment in a district's roll, or the own slot of a poll. */
export type DecoyPurpose = 'decoy-member' | 'decoy-slot';

/** Whose decoys, where. `privateKey` is secret, and so are the decoys. */
export interface DecoyPlace {
  readonly privateKey: Uint8Array;
  readonly context: Pick<ElectionContext, 'chainId' | 'election'>;
  /** Number of the district or poll. */
  readonly index: number;
}

/**
 * Numbers that look like commitments or slots, always the same for an identity and place (SPEC §17.4): drawn again for every request they
 * would differ each time, and only the own one would come back. They are looked up exactly as the own number is, so that whatever a
 * service answers moves all of them alike.
 */
export function decoys(
  purpose: DecoyPurpose,
  { privateKey, context, index }: DecoyPlace,
  count: number,
): readonly Field[] {
  const place = [
    decodeNumber(privateKey),
    BigInt(context.chainId),
    decodeNumber(decodeHex(context.election, 20)),
    BigInt(index),
  ];
  return Array.from({ length: count }, (_, i) => {
    const half = (part: bigint): bigint => hashWords(purpose, [...place, BigInt(i), part]);
    // 512 bits: what the remainder is off from uniform is 2^-258.
    return toField(((half(0n) << 256n) | half(1n)) % r);
  });
}
