import { require } from '../errors.ts';

declare const fieldBrand: unique symbol;
declare const scalarBrand: unique symbol;
declare const baseBrand: unique symbol;

/** An element of BN254's scalar field: 0 ≤ x < r. */
export type Field = bigint & { readonly [fieldBrand]: true };
/** An exponent of BabyJubJub's prime subgroup: 0 ≤ x < l. */
export type Scalar = bigint & { readonly [scalarBrand]: true };
/** A coordinate of BN254 G1/G2: 0 ≤ x < p. */
export type BaseField = bigint & { readonly [baseBrand]: true };

/** BN254 scalar field order. */
export const r = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
/** BN254 base field order. */
export const p = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
/** Order of BabyJubJub's prime subgroup (EIP-2494). */
export const l = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

/** @throws `field/range` unless 0 ≤ x < r */
export function toField(x: bigint): Field {
  require(x >= 0n && x < r, 'field/range', 'value is not below the scalar field order');
  return x as Field;
}

/** @throws `scalar/range` unless 0 ≤ x < l */
export function toScalar(x: bigint): Scalar {
  require(x >= 0n && x < l, 'scalar/range', 'scalar is not below the subgroup order');
  return x as Scalar;
}

/** x mod m in [0, m), also for negative x. */
export function mod(x: bigint, m: bigint): bigint {
  const rest = x % m;
  return rest < 0n ? rest + m : rest;
}

/** x mod l. */
export function modScalar(x: bigint): Scalar {
  return mod(x, l) as Scalar;
}

/** x mod r. */
export function modField(x: bigint): Field {
  return mod(x, r) as Field;
}

/** x^-1 mod m for prime m. Not constant-time: public values only. @throws `field/zero` for x ≡ 0 */
export function invert(x: bigint, m: bigint): bigint {
  let [a, b, u, v] = [mod(x, m), m, 1n, 0n];
  require(a !== 0n, 'field/zero', 'zero has no inverse');
  while (a !== 0n) {
    const q = b / a;
    [a, b] = [b - q * a, a];
    [u, v] = [v - q * u, u];
  }
  return mod(v, m);
}

/**
 * Uniform scalar from 48 random bytes (bias below 2^-128).
 *
 * @param bytes - exactly 48 bytes of the platform's CSPRNG
 */
export function scalarFromBytes(bytes: Uint8Array): Scalar {
  require(bytes.length === 48, 'scalar/bytes', 'a scalar is drawn from 48 random bytes');
  let x = 0n;
  for (const byte of bytes) x = (x << 8n) | BigInt(byte);
  return modScalar(x);
}
