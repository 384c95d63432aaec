import { verifySignature } from './ed25519.ts';
import type { EquationVerifier } from './ed25519.ts';

/** A message that a key is said to have signed. */
export interface SignedMessage {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Verifies signatures by the rule of SPEC §5.4. Whoever has threads gives a verifier that uses them.
 *
 * @returns the places in the list of those that do not hold
 */
export type SignatureVerifier = (batch: readonly SignedMessage[]) => Promise<readonly number[]>;

/** Verifies in this thread. @param holds - see `verifySignature` */
export function signaturesHere(holds?: EquationVerifier): SignatureVerifier {
  return (batch) =>
    Promise.resolve(
      batch.flatMap(({ publicKey, message, signature }, place) =>
        verifySignature(publicKey, message, signature, holds) ? [] : [place],
      ),
    );
}
