import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import type { RandomBytes } from '../random.ts';
import type { Polynomial } from './polynomial.ts';
import { evaluatePolynomial, shareHolds } from './polynomial.ts';
import type { ShareAddress } from './transport.ts';
import { AEAD_TAG_BYTES, ENCAPSULATION_BYTES, open, seal, shareInfo } from './transport.ts';

/** Bytes of one sealed share. */
export const SEALED_SHARE_BYTES = ENCAPSULATION_BYTES + 32 + AEAD_TAG_BYTES;

/** A recipient's index and transport key, from its reveal. */
export interface Recipient {
  readonly trustee: number;
  readonly transportKey: Uint8Array;
}

/** The recipients of a dealer's shares in the order of the deal: ascending, without the dealer. */
export function recipientsOf(active: readonly number[], dealer: number): number[] {
  return active.filter((trustee) => trustee !== dealer).sort((a, b) => a - b);
}

/**
 * Seals a share for each recipient and lane, ordered by recipient then lane, 80 bytes each (SPEC §7).
 *
 * @param recipients - every other active trustee
 */
export async function makeDeal(
  base: bigint,
  dealer: number,
  polynomials: readonly Polynomial[],
  recipients: readonly Recipient[],
  random: RandomBytes,
): Promise<Uint8Array> {
  const ordered = [...recipients].sort((a, b) => a.trustee - b.trustee);
  require(ordered.every(
    ({ trustee }, i) => trustee !== dealer && trustee !== ordered[i + 1]?.trustee,
  ), 'ceremony/index', 'recipients must differ from each other and from the dealer');
  const parts: Uint8Array[] = [];
  for (const { trustee, transportKey } of ordered) {
    for (const [lane, polynomial] of polynomials.entries()) {
      const share = encodeWord(evaluatePolynomial(polynomial, trustee));
      parts.push(await seal(transportKey, shareInfo({ base, dealer, recipient: trustee, lane }), share, random));
    }
  }
  return concatBytes(...parts);
}

/** @throws `ceremony/length` unless the deal has one sealed share for each recipient and lane */
export function requireDealLength(deal: Uint8Array, recipients: number, lanes: number): void {
  const expected = recipients * lanes * SEALED_SHARE_BYTES;
  require(deal.length === expected, 'ceremony/length', `a deal has ${expected} bytes here, got ${deal.length}`);
}

/** What a recipient found in one sealed share: the share, or why the dealer must be accused. */
export type Opened = { readonly share: Scalar } | { readonly fault: string };

/**
 * Opens and checks the sealed share of one dealer, recipient and lane.
 *
 * @param commitments - the dealer's `F[lane]`
 * @returns the share, or a fault that the recipient should accuse the dealer of
 */
export async function openShare(
  secretKey: Uint8Array,
  address: ShareAddress,
  sealed: Uint8Array,
  commitments: readonly Point[],
): Promise<Opened> {
  let plaintext: Uint8Array;
  try {
    plaintext = await open(secretKey, shareInfo(address), sealed);
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    return { fault: 'cannot be opened' };
  }
  if (plaintext.length !== 32) return { fault: 'has a wrong length' };
  const share = decodeNumber(plaintext);
  return shareHolds(share, commitments, address.recipient)
    ? { share: share as Scalar }
    : { fault: 'differs from the commitments' };
}

/** The 80 bytes for one recipient and lane. @param position - of the recipient in {@link recipientsOf} */
export function sealedShareAt(deal: Uint8Array, position: number, lane: number, lanes: number): Uint8Array {
  const start = (position * lanes + lane) * SEALED_SHARE_BYTES;
  return deal.subarray(start, start + SEALED_SHARE_BYTES);
}

/** Position of `recipient` among the recipients of `dealer`. @throws `ceremony/index` */
export function positionOf(active: readonly number[], dealer: number, recipient: number): number {
  const position = recipientsOf(active, dealer).indexOf(recipient);
  require(position >= 0, 'ceremony/index', `trustee ${recipient} receives nothing from ${dealer}`);
  return position;
}
