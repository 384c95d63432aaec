import { bn254 } from '@noble/curves/bn254.js';
import type { G1Point, G2Point } from '../../../protocol/math/bn254.ts';
import { invert, mod, r } from '../../../protocol/math/field.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';

/** TEST ONLY. A verifying key whose trapdoor is known, so that proofs of false statements can be simulated. */
export interface Trapdoor {
  readonly key: VerifyingKey;
  /** Eight words that verify for any `signals`; `a`, `b` make proofs differ. */
  simulate(signals: readonly bigint[], a: bigint, b: bigint): bigint[];
}

export function g1(k: bigint): G1Point {
  const { x, y } = bn254.G1.Point.BASE.multiply(mod(k, r)).toAffine();
  return { x, y };
}

export function g2(k: bigint): G2Point {
  const { x, y } = bn254.G2.Point.BASE.multiply(mod(k, r)).toAffine();
  return { x: [x.c0, x.c1], y: [y.c0, y.c1] };
}

/** The words of A = a·G1, B = b·G2, C = c·G1. */
export function proofWords(a: bigint, b: bigint, c: bigint): bigint[] {
  const [A, B, C] = [g1(a), g2(b), g1(c)];
  return [A.x, A.y, B.x[1], B.x[0], B.y[1], B.y[0], C.x, C.y];
}

/** A key for `signalCount` public signals from the trapdoor (α, β, γ, δ) and known logarithms of `ic`. */
export function trapdoorKey(signalCount: number, seed = 7n): Trapdoor {
  const [alpha, beta, gamma, delta] = [seed + 11n, seed + 13n, seed + 17n, seed + 19n];
  const logs = Array.from({ length: signalCount + 1 }, (_, i) => seed * 1000n + BigInt(i * i + 3));
  const key = { alpha: g1(alpha), beta: g2(beta), gamma: g2(gamma), delta: g2(delta), ic: logs.map(g1) };
  const simulate = (signals: readonly bigint[], a: bigint, b: bigint): bigint[] => {
    const inputs = logs.reduce((total, log, i) => total + log * (i === 0 ? 1n : signals[i - 1]!), 0n);
    return proofWords(a, b, (a * b - alpha * beta - gamma * inputs) * invert(delta, r));
  };
  return { key, simulate };
}
