import { p } from '../field.ts';
import type { PairingEngine, PairingExports } from './engine.ts';
import { writeElements } from './engine.ts';

type Quadratic = readonly [bigint, bigint];

function times([a, b]: Quadratic, [c, d]: Quadratic): Quadratic {
  return [(((a * c - b * d) % p) + p) % p, (a * d + b * c) % p];
}

function power(base: Quadratic, exponent: bigint): Quadratic {
  let [result, square]: [Quadratic, Quadratic] = [[1n, 0n], base];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if ((e & 1n) === 1n) result = times(result, square);
    square = times(square, square);
  }
  return result;
}

const XI: Quadratic = [9n, 1n];
const FACTORS = [...power(XI, (p - 1n) / 3n), ...power(XI, (p - 1n) / 2n)];

/** Writes the factors of {@link writePsi}, 128 bytes. */
export function writePsiFactors(engine: PairingEngine, address: number): void {
  writeElements(engine, address, FACTORS);
}

/**
 * The Frobenius carried over to the twist: ψ(x, y) = (x̄·ξ^((p−1)/3), ȳ·ξ^((p−1)/2)), from one address to another or the same.
 *
 * @param factors - address of {@link writePsiFactors}
 */
export function writePsi(wasm: PairingExports, factors: number, from: number, to: number): void {
  wasm.f2m_conjugate(from, to);
  wasm.f2m_mul(to, factors, to);
  wasm.f2m_conjugate(from + 64, to + 64);
  wasm.f2m_mul(to + 64, factors + 64, to + 64);
}
