import { randomBytes } from 'node:crypto';
import { privateKeyToAccount, publicKeyToAddress } from 'viem/accounts';
import type { Hex } from '../../protocol/encoding.ts';
import { encodeHex } from '../../protocol/encoding.ts';

/** A new secp256k1 private key. */
export function newKey(): Hex {
  return encodeHex(Uint8Array.from(randomBytes(32)));
}

/** The 64 bytes by which nodes know each other: the point without the byte that says that it is uncompressed (devp2p, EIP-778). */
export function nodeIdOf(key: Hex): string {
  return privateKeyToAccount(key).publicKey.slice(4);
}

/** The account of a node's 64 bytes, in small letters. */
export function addressOfNode(nodeId: string): Hex {
  return publicKeyToAddress(`0x04${nodeId}`).toLowerCase() as Hex;
}

/** The account of a private key, in small letters. */
export function addressOf(key: Hex): Hex {
  return addressOfNode(nodeIdOf(key));
}
