import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { keccak256 } from '../hash.ts';
import type { CeremonyMessage } from './messages.ts';

/** A message that a trustee signs; `timeout` and `finish` are anyone's. */
export type SignedMessage = Exclude<CeremonyMessage, { readonly kind: 'timeout' | 'finish' }>;

function payload(message: SignedMessage): Uint8Array {
  const words = (...values: readonly bigint[]): Uint8Array => concatBytes(...values.map(encodeWord));
  switch (message.kind) {
    case 'commit':
      return words(message.hash);
    case 'reveal':
      return words(...message.words);
    case 'deal':
      return message.bytes;
    case 'confirm':
      return words(message.transcript);
    case 'accuse':
      return words(BigInt(message.dealer), BigInt(message.lane));
    case 'answer':
      return words(BigInt(message.accuser), BigInt(message.lane), message.share);
  }
}

/** `object` of the EIP-712 `Step` that the trustee signs for this message: keccak256 of its payload (SPEC §7.1). */
export function messageObject(message: SignedMessage): bigint {
  return decodeNumber(keccak256(payload(message)));
}
