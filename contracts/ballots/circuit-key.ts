import type { Hex } from 'viem';
import { concat, numberToHex, size } from 'viem';
import { decodeHex, decodeNumber } from '../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../protocol/errors.ts';
import type { G1Point, G2Point } from '../../protocol/math/bn254.ts';
import { isG1, isG2 } from '../../protocol/math/bn254.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { publicCount } from '../../protocol/math/groth16-key.ts';

// The precompile's order (EIP-197): imaginary part first.
function g2Words({ x, y }: G2Point): bigint[] {
  return [x[1], x[0], y[1], y[0]];
}

function g1Words({ x, y }: G1Point): bigint[] {
  return [x, y];
}

/** Lanes L of a ballot circuit's key, which has 14 + 12L public signals. @throws `vkey/signals` for any other number */
export function circuitLanes(key: VerifyingKey): number {
  const lanes = (publicCount(key) - 14) / 12;
  require(Number.isInteger(lanes) && lanes >= 1 && lanes <= 8, 'vkey/signals', 'not the key of a ballot circuit');
  return lanes;
}

/**
 * The words of a key as `CircuitKey.sol` reads them: alpha, beta, gamma, delta, IC_0 … (SPEC §11.1).
 *
 * @throws `vkey/signals` if it is no ballot circuit's, `vkey/delta` if delta equals gamma: anyone could forge proofs
 */
export function circuitKeyWords(key: VerifyingKey): bigint[] {
  circuitLanes(key);
  const [gamma, delta] = [g2Words(key.gamma), g2Words(key.delta)];
  if (gamma.every((word, i) => word === delta[i]))
    throw new UrnaError('vkey/delta', 'the key’s gamma and delta are equal');
  return [...g1Words(key.alpha), ...g2Words(key.beta), ...gamma, ...delta, ...key.ic.flatMap(g1Words)];
}

/** Runtime code of the data contract: 0x00 and the words. */
export function circuitKeyRuntime(key: VerifyingKey): Hex {
  return concat(['0x00', ...circuitKeyWords(key).map((word) => numberToHex(word, { size: 32 }))]);
}

/**
 * Inverse of {@link circuitKeyRuntime}: the key that contracts verify with.
 *
 * @throws `vkey/invalid` for code that is no key or has points outside their groups, `vkey/signals`
 */
export function decodeCircuitKey(runtime: Hex): VerifyingKey {
  const bytes = decodeHex(runtime.toLowerCase());
  const whole = bytes[0] === 0 && (bytes.length - 1) % 64 === 0 && bytes.length > 1 + 32 * 16;
  require(whole, 'vkey/invalid', 'the code is not the key of a circuit');
  const words = Array.from({ length: (bytes.length - 1) / 32 }, (_, i) =>
    decodeNumber(bytes.subarray(1 + 32 * i, 33 + 32 * i)),
  );
  const g1 = (i: number): G1Point => ({ x: at(words, i), y: at(words, i + 1) });
  const g2 = (i: number): G2Point => ({
    x: [at(words, i + 1), at(words, i)],
    y: [at(words, i + 3), at(words, i + 2)],
  });
  const ic = Array.from({ length: (words.length - 14) / 2 }, (_, i) => g1(14 + 2 * i));
  const key = { alpha: g1(0), beta: g2(2), gamma: g2(6), delta: g2(10), ic };
  const valid = [key.alpha, ...ic].every(isG1) && [key.beta, key.gamma, key.delta].every(isG2);
  require(valid, 'vkey/invalid', 'a point of the circuit’s key is outside its group');
  circuitLanes(key);
  return key;
}

/** Creation code of the data contract; no constructor arguments. */
export function circuitKeyCreation(key: VerifyingKey): Hex {
  const runtime = circuitKeyRuntime(key);
  // PUSH2 length, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN: 12 bytes
  return concat(['0x61', numberToHex(size(runtime), { size: 2 }), '0x80600c6000396000f3', runtime]);
}
