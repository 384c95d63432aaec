import { at, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { O, add, multiply, multiplyBase, multiplyPublic, pointWords } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';

/** What a slot holds: `R = ρ·G` and, a lane, `C_j = ρ·PK_j + M_j` (DESIGN §2.4). */
export interface Ciphertext {
  readonly R: Point;
  readonly C: readonly Point[];
}

/** What an empty slot stands for: `(O, …, O)`. */
export function emptyCiphertext(lanes: number): Ciphertext {
  return { R: O, C: Array.from({ length: lanes }, () => O) };
}

/** `R.x, R.y, C_0.x, …` (SPEC §2). */
export function ciphertextWords({ R, C }: Ciphertext): bigint[] {
  return pointWords(R, ...C);
}

/** `M_j = (v[2j] + 2^32·v[2j+1])·G`, a lane; values are secret. */
export function encodeLanes(values: readonly bigint[]): Point[] {
  require(values.length % 2 === 0, 'ballot/values', 'every lane packs two values');
  return Array.from({ length: values.length / 2 }, (_, j) =>
    multiplyBase((at(values, 2 * j) + (at(values, 2 * j + 1) << 32n)) as Scalar),
  );
}

/**
 * `base + Enc(0; ρ)`: a vote's ciphertext for base `(O, M)`, a mask's for the slot's old one.
 *
 * @param keys - PK, a lane
 */
export function encryptOver(base: Ciphertext, keys: readonly Point[], rho: Scalar): Ciphertext {
  require(base.C.length === keys.length, 'ballot/lanes', 'as many keys as lanes are needed');
  return {
    R: add(base.R, multiplyBase(rho)),
    C: base.C.map((point, j) => add(point, multiply(at(keys, j), rho))),
  };
}

/** `PK2 = 2^125·PK` (SPEC §10.6). */
export function halfwayKeys(keys: readonly Point[]): Point[] {
  return keys.map((key) => multiplyPublic(key, 1n << 125n));
}
