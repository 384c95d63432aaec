import { decodeHex, decodeNumber, encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import type { Revocation } from '../../../protocol/credentials/register.ts';
import { toField } from '../../../protocol/math/field.ts';

/** A registration and the block time (Unix seconds) at which it was taken. */
export interface Taken {
  readonly registration: Registration;
  readonly time: number;
}

/** Bytes that tell one registration of a credential from another: what a repeated one is compared by. */
export const PACKED_IDENTITY = 106;
const PACKED_LENGTH = PACKED_IDENTITY + 8;

/** commitment (32) ‖ sequence (8) ‖ district (2) ‖ signature (64) ‖ time (8): a city's registrations stay small in Redis. */
export function packRegistration({ commitment, sequence, district, signature }: Registration, time: number): Buffer {
  const packed = Buffer.alloc(PACKED_LENGTH);
  packed.set(encodeWord(commitment), 0);
  packed.writeBigUInt64BE(BigInt(sequence), 32);
  packed.writeUInt16BE(district, 40);
  packed.set(decodeHex(signature, 64), 42);
  packed.writeBigUInt64BE(BigInt(time), PACKED_IDENTITY);
  return packed;
}

/** Inverse of {@link packRegistration}. */
export function unpackRegistration(credentialKey: Uint8Array, packed: Buffer): Taken {
  const registration = {
    ...{ credentialKey: encodeHex(credentialKey), commitment: toField(decodeNumber(packed.subarray(0, 32))) },
    ...{ sequence: Number(packed.readBigUInt64BE(32)), district: packed.readUInt16BE(40) },
    signature: encodeHex(packed.subarray(42, PACKED_IDENTITY)),
  };
  return { registration, time: Number(packed.readBigUInt64BE(PACKED_IDENTITY)) };
}

/** district (2) ‖ replacement (32, or nothing). */
export function packRevocation({ district, replacement }: Revocation): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(district);
  return Buffer.concat([head, replacement === null ? new Uint8Array() : decodeHex(replacement, 32)]);
}

/** Inverse of {@link packRevocation}. */
export function unpackRevocation(credentialKey: Uint8Array, packed: Buffer): Revocation {
  const replacement = packed.length === 2 ? null : encodeHex(packed.subarray(2));
  return { credentialKey: encodeHex(credentialKey), district: packed.readUInt16BE(0), replacement };
}
