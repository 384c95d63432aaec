import type { Hex } from '../encoding.ts';
import { UrnaError } from '../errors.ts';
import { addressWord, recoverSigner } from './signature.ts';

/** The officers of an election and how many of them must sign. */
export interface Officers {
  readonly keys: readonly Hex[];
  readonly quorum: number;
}

/**
 * Why `signatures` of `digest` are not a quorum's, or undefined if they are (SPEC §12.1): each by an officer,
 * signers' addresses strictly increasing, at least `quorum` of them.
 */
export function quorumFault(
  digest: Uint8Array,
  signatures: readonly Uint8Array[],
  { keys, quorum }: Officers,
): string | undefined {
  if (signatures.length < quorum) return `${signatures.length} signatures, the quorum is ${quorum}`;
  let previous = -1n;
  for (const [index, signature] of signatures.entries()) {
    const signer = signerOrFault(digest, signature);
    if (signer instanceof UrnaError) return `signature ${index}: ${signer.message}`;
    if (!keys.includes(signer)) return `signature ${index} is not an officer's`;
    if (addressWord(signer) <= previous) return `signature ${index} is out of order or repeated`;
    previous = addressWord(signer);
  }
  return undefined;
}

/** Why `signature` is not `signer`'s for `digest`, or undefined if it is. */
export function signatureFault(digest: Uint8Array, signature: Uint8Array, signer: Hex): string | undefined {
  const recovered = signerOrFault(digest, signature);
  if (recovered instanceof UrnaError) return recovered.message;
  return recovered === signer ? undefined : 'the signature is not the named signer’s';
}

function signerOrFault(digest: Uint8Array, signature: Uint8Array): Hex | UrnaError {
  try {
    return recoverSigner(digest, signature);
  } catch (error) {
    if (error instanceof UrnaError) return error;
    throw error;
  }
}

/**
 * The signatures ordered as the contract wants them: by signer's address, increasing, one a signer.
 *
 * @throws `signature/invalid`
 */
export function orderSignatures(digest: Uint8Array, signatures: readonly Uint8Array[]): Uint8Array[] {
  const bySigner = new Map(signatures.map((signature) => [recoverSigner(digest, signature), signature]));
  return [...bySigner].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, signature]) => signature);
}
