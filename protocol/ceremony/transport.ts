import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite } from '@hpke/core';
import { DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/dhkem-x25519';
import { concatBytes, encodeHex, encodeWord } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import { domainTag } from '../hash.ts';
import type { RandomBytes } from '../random.ts';

// RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305: the one importer of @hpke.
const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});

const NO_AAD: Uint8Array = new Uint8Array();

/** Bytes of an encapsulated key. */
export const ENCAPSULATION_BYTES = 32;
/** Bytes the AEAD adds. */
export const AEAD_TAG_BYTES = 16;

/** An X25519 pair; both 32 bytes as in RFC 7748. */
export interface TransportKeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** Where a sealed share belongs: all of it is bound by HPKE's `info` (SPEC §7). */
export interface ShareAddress {
  readonly base: bigint;
  readonly dealer: number;
  readonly recipient: number;
  readonly lane: number;
}

const ORDER_8 = [
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
];
const P25519 = (1n << 255n) - 19n;

/** The encodings with a clear top bit, as `0x` hex, whose shared secret is 0 whatever the other key is (RFC 7748 §6.1). */
export const LOW_ORDER_KEYS: readonly string[] = [0n, 1n, P25519 - 1n, P25519, P25519 + 1n, ...ORDER_8].map((u) =>
  encodeHex(encodeWord(u).reverse()),
);

/** True for 32 bytes that a dealer can deal to: top bit clear, not of low order. */
export function isTransportKey(key: Uint8Array): boolean {
  return key.length === 32 && ((key[31] ?? 0x80) & 0x80) === 0 && !LOW_ORDER_KEYS.includes(encodeHex(key));
}

function bytesOf(buffer: ArrayBuffer): Uint8Array {
  return new Uint8Array(buffer);
}

/** A pair derived from 32 random bytes by RFC 9180's DeriveKeyPair. */
export async function makeTransportKey(random: RandomBytes): Promise<TransportKeyPair> {
  const pair = await suite.kem.deriveKeyPair(toBuffer(random(32)));
  return {
    publicKey: bytesOf(await suite.kem.serializePublicKey(pair.publicKey)),
    secretKey: bytesOf(await suite.kem.serializePrivateKey(pair.privateKey)),
  };
}

/** `tag("ceremony-share") ‖ words(base, dealer, recipient, lane)`. */
export function shareInfo({ base, dealer, recipient, lane }: ShareAddress): Uint8Array {
  const words = [base, ...[dealer, recipient, lane].map(BigInt)].map(encodeWord);
  return concatBytes(domainTag('ceremony-share'), ...words);
}

/**
 * HPKE's single-shot encryption: `enc ‖ ct`. The ephemeral key is derived from 32 bytes of `random`.
 *
 * @param aad - empty for shares (SPEC §7)
 * @throws `ceremony/transport-key`
 */
export async function seal(
  publicKey: Uint8Array,
  info: Uint8Array,
  plaintext: Uint8Array,
  random: RandomBytes,
  aad = NO_AAD,
): Promise<Uint8Array> {
  require(isTransportKey(publicKey), 'ceremony/transport-key', 'the recipient’s transport key is not usable');
  const recipientPublicKey = await suite.kem.deserializePublicKey(toBuffer(publicKey));
  const { ct, enc } = await suite.seal(
    { recipientPublicKey, info: toBuffer(info), ekm: toBuffer(random(32)) },
    toBuffer(plaintext),
    toBuffer(aad),
  );
  return concatBytes(bytesOf(enc), bytesOf(ct));
}

/** Inverse of {@link seal}. @throws `ceremony/decrypt` if it was not sealed for this key and `info`, or was altered */
export async function open(
  secretKey: Uint8Array,
  info: Uint8Array,
  sealed: Uint8Array,
  aad = NO_AAD,
): Promise<Uint8Array> {
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(toBuffer(secretKey));
    const enc = toBuffer(sealed.subarray(0, ENCAPSULATION_BYTES));
    const ct = toBuffer(sealed.subarray(ENCAPSULATION_BYTES));
    return bytesOf(await suite.open({ recipientKey, enc, info: toBuffer(info) }, ct, toBuffer(aad)));
  } catch {
    throw new UrnaError('ceremony/decrypt', 'the sealed share cannot be opened');
  }
}

/** An ArrayBuffer of exactly these bytes, for the vendor's interface. */
function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
