import * as semaphore from '@semaphore-protocol/core';
import { require } from '../errors.ts';
import { toPoint } from '../math/curve.ts';
import type { Point } from '../math/curve.ts';
import { toField, toScalar } from '../math/field.ts';
import type { Field, Scalar } from '../math/field.ts';

// The package's declarations do not resolve from ESM; these are the parts relied on here.
interface SemaphoreIdentity {
  readonly secretScalar: bigint;
  readonly publicKey: readonly [bigint, bigint];
  readonly commitment: bigint;
}
const { Identity: SemaphoreIdentity } = semaphore as unknown as {
  readonly Identity: new (privateKey: Uint8Array) => SemaphoreIdentity;
};

/** A Semaphore v4 identity (SPEC §4). Everything but `commitment` stays with the voter. */
export interface Identity {
  /** The 32 random bytes everything else follows from; backed up as words. */
  readonly privateKey: Uint8Array;
  /** a < l, the circuit's secret. */
  readonly secretScalar: Scalar;
  /** A = a·G. Not published either: it would link nothing, but it is nobody's business. */
  readonly publicKey: Point;
  /** Poseidon(A.x, A.y): what is registered, and the leaf of the roll. */
  readonly commitment: Field;
}

/**
 * The identity of `privateKey` (the one importer of `@semaphore-protocol/core`).
 *
 * @param privateKey - 32 bytes of the platform's CSPRNG, copied
 * @throws `identity/bytes` for another length, `point/invalid` for the secret scalar 0 (probability 2^-251)
 */
export function createIdentity(privateKey: Uint8Array): Identity {
  require(privateKey.length === 32, 'identity/bytes', 'an identity is made of exactly 32 bytes');
  const key = Uint8Array.from(privateKey);
  const identity = new SemaphoreIdentity(key);
  const secretScalar = toScalar(identity.secretScalar);
  const [x, y] = identity.publicKey;
  return { privateKey: key, secretScalar, publicKey: toPoint(x, y), commitment: toField(identity.commitment) };
}
