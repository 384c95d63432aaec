import { recoverSigner, decodeSignature, signDigest } from '../acts/signature.ts';
import type { Json } from '../canonical-json.ts';
import { canonicalBytes } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { concatBytes, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { domainTag, keccak256 } from '../hash.ts';

/** A statement that an office has signed: with it a voter can show what was promised (SPEC §17). */
export interface Receipt<T> {
  readonly statement: T;
  /** 65 bytes `r ‖ s ‖ v` by the account that the definition names for the office. */
  readonly signature: Hex;
}

/** What any statement says of itself. */
export type Statement = Readonly<Record<string, Json>> & { readonly type: `urna/v1/receipt/${string}` };

/** keccak256 of `tag("receipt")` and the RFC 8785 bytes of the statement: its members name chain, contract and purpose. */
export function receiptDigest(statement: Statement): Uint8Array {
  return keccak256(concatBytes(domainTag('receipt'), canonicalBytes(statement)));
}

/** Signs a statement with an office's key. @throws `signature/key` */
export function signReceipt<T extends Statement>(statement: T, privateKey: Uint8Array): Receipt<T> {
  return { statement, signature: encodeHex(signDigest(receiptDigest(statement), privateKey)) };
}

/** Refuses a receipt that `office` has not signed. @throws `receipt/signature`, `signature/invalid`, `encoding/hex` */
export function requireReceipt({ statement, signature }: Receipt<Statement>, office: Hex): void {
  const signer = recoverSigner(receiptDigest(statement), decodeSignature(signature));
  require(signer === office, 'receipt/signature', 'the receipt is not signed by the office that it names');
}
