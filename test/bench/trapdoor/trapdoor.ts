import { bn254 } from '@noble/curves/bn254.js';
import { invert, mod, r } from '../../../protocol/math/field.ts';
import type { G1Point, G2Point } from '../../../protocol/math/bn254.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';

/**
 * Test-only: a verifying key whose secrets are known, and proofs simulated with them for *any* public signals, true or not (Groth16's
 * zero-knowledge simulator). For load and for the contract's attack tests. It proves nothing; the setup gate refuses it.
 */
export interface Trapdoor {
  readonly key: VerifyingKey;
  /** Eight words in the precompile's order; about three milliseconds. */
  simulate(signals: readonly bigint[]): bigint[];
}

const { G1, G2 } = bn254;

function g1(k: bigint): G1Point {
  const { x, y } = G1.Point.BASE.multiply(k).toAffine();
  return { x, y };
}

function g2(k: bigint): G2Point {
  const { x, y } = G2.Point.BASE.multiply(k).toAffine();
  return { x: [x.c0, x.c1], y: [y.c0, y.c1] };
}

/** 1 ≤ k < r, from a small generator: reproducible, and good enough for what proves nothing. */
function scalars(seed: bigint): () => bigint {
  let state = mod(seed * 0x9e3779b97f4a7c15n + 1n, r);
  return () => {
    state = mod(state * state * state * state * state + 0xda942042e4dd58b5n, r);
    return state === 0n ? 1n : state;
  };
}

/**
 * A key for `signals` public signals and its simulator.
 *
 * @param seed - different seeds, different keys and proofs
 */
export function makeTrapdoor(signals: number, seed = 1n): Trapdoor {
  const next = scalars(seed);
  const [alpha, beta, gamma, delta] = [next(), next(), next(), next()] as const;
  const ic = Array.from({ length: signals + 1 }, next);
  const inverseDelta = invert(delta, r);
  return {
    key: { alpha: g1(alpha), beta: g2(beta), gamma: g2(gamma), delta: g2(delta), ic: ic.map(g1) },
    simulate(values) {
      if (values.length !== signals) throw new RangeError(`the key has ${signals} signals, got ${values.length}`);
      const combined = values.reduce((sum, value, i) => mod(sum + value * (ic[i + 1] ?? 0n), r), ic[0] ?? 0n);
      const [a, b] = [next(), next()];
      const c = mod((a * b - alpha * beta - gamma * combined) * inverseDelta, r);
      const [A, B, C] = [g1(a), g2(b), g1(c === 0n ? r - 1n : c)];
      return [A.x, A.y, B.x[1], B.x[0], B.y[1], B.y[0], C.x, C.y];
    },
  };
}
