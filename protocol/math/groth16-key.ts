import { UrnaError, at, require } from '../errors.ts';
import type { G1Point, G2Point, Quadratic } from './bn254.ts';
import { isG1, isG2 } from './bn254.ts';

/** A Groth16 verifying key; `ic` has one point more than the circuit has public signals. */
export interface VerifyingKey {
  readonly alpha: G1Point;
  readonly beta: G2Point;
  readonly gamma: G2Point;
  readonly delta: G2Point;
  readonly ic: readonly G1Point[];
}

function fail(detail: string): never {
  throw new UrnaError('vkey/invalid', `verifying key: ${detail}`);
}

function number(value: unknown): bigint {
  if (typeof value !== 'string' || !/^(?:0|[1-9][0-9]{0,77})$/.test(value)) return fail('expected a decimal string');
  return BigInt(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : fail('expected a list');
}

function quadratic(value: unknown): Quadratic {
  const parts = list(value);
  if (parts.length !== 2) return fail('expected two coefficients');
  return [number(parts[0]), number(parts[1])];
}

function g1(value: unknown): G1Point {
  const parts = list(value);
  const point = { x: number(parts[0]), y: number(parts[1]) };
  return parts.length === 3 && parts[2] === '1' && isG1(point) ? point : fail('a point is outside G1');
}

function g2(value: unknown): G2Point {
  const parts = list(value);
  const point = { x: quadratic(parts[0]), y: quadratic(parts[1]) };
  const z = list(parts[2]);
  const affine = parts.length === 3 && z.length === 2 && z[0] === '1' && z[1] === '0';
  return affine && isKnownG2(point) ? point : fail('a point is outside G2');
}

/** Points of keys that were found in G2 here. To find out takes milliseconds, and the same few keys are read again and again. */
const known = new Set<string>();
const MAX_KNOWN = 64;

function isKnownG2(point: G2Point): boolean {
  const name = [...point.x, ...point.y].join();
  if (known.has(name)) return true;
  if (!isG2(point)) return false;
  if (known.size >= MAX_KNOWN) known.clear();
  known.add(name);
  return true;
}

/**
 * The verifying key in snarkjs's JSON form: affine, canonical, every point in its group.
 *
 * @throws `vkey/invalid`
 */
export function decodeVerifyingKey(json: unknown): VerifyingKey {
  if (typeof json !== 'object' || json === null) return fail('expected an object');
  const key = json as Readonly<Record<string, unknown>>;
  if (key['protocol'] !== 'groth16' || key['curve'] !== 'bn128') return fail('expected groth16 over bn128');
  const ic = list(key['IC']).map(g1);
  if (ic.length < 2 || key['nPublic'] !== ic.length - 1) return fail('nPublic differs from the number of IC points');
  return {
    alpha: g1(key['vk_alpha_1']),
    beta: g2(key['vk_beta_2']),
    gamma: g2(key['vk_gamma_2']),
    delta: g2(key['vk_delta_2']),
    ic,
  };
}

/** Number of public signals of the key's circuit. */
export function publicCount(key: VerifyingKey): number {
  return key.ic.length - 1;
}

/** @throws `proof/signals` unless `signals` has the key's length */
export function requireSignalCount(key: VerifyingKey, signals: readonly bigint[]): void {
  require(signals.length ===
    publicCount(key), 'proof/signals', `the circuit has ${publicCount(key)} public signals, got ${signals.length}`);
}

function g1Json({ x, y }: G1Point): string[] {
  return [String(x), String(y), '1'];
}

function g2Json({ x, y }: G2Point): string[][] {
  return [x.map(String), y.map(String), ['1', '0']];
}

/** Inverse of {@link decodeVerifyingKey}: snarkjs's JSON form (without its cached pairing, which nobody may trust). */
export function encodeVerifyingKey(key: VerifyingKey): Readonly<Record<string, unknown>> {
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: publicCount(key),
    vk_alpha_1: g1Json(key.alpha),
    vk_beta_2: g2Json(key.beta),
    vk_gamma_2: g2Json(key.gamma),
    vk_delta_2: g2Json(key.delta),
    IC: key.ic.map(g1Json),
  };
}

/** The `index`-th point of `ic`. */
export function icPoint(key: VerifyingKey, index: number): G1Point {
  return at(key.ic, index);
}
