import { describe, expect, it } from '@jest/globals';
import { circuitKeyRuntime, decodeCircuitKey } from '../../../contracts/ballots/circuit-key.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';

const { key } = makeTrapdoor(14 + 12, 5n);
const code = circuitKeyRuntime(key);

function codeOf(runtime: string): string {
  try {
    decodeCircuitKey(runtime as `0x${string}`);
    return 'none';
  } catch (error) {
    return error instanceof UrnaError ? error.code : String(error);
  }
}

/** The code with one word replaced. */
function withWord(index: number, word: string): string {
  const at = 4 + 64 * index;
  return `${code.slice(0, at)}${word}${code.slice(at + 64)}`;
}

describe('decodeCircuitKey', () => {
  it('reads the key that the contract verifies with', () => {
    expect(decodeCircuitKey(code)).toEqual(key);
  });

  it('refuses code that is no key', () => {
    expect(codeOf('0x')).toBe('vkey/invalid');
    expect(codeOf(`0x01${code.slice(4)}`)).toBe('vkey/invalid');
    expect(codeOf(code.slice(0, -64))).toBe('vkey/invalid');
    // Two points of IC less: not a ballot circuit's number.
    expect(codeOf(code.slice(0, -256))).toBe('vkey/signals');
  });

  it('refuses points outside their groups', () => {
    const one = '1'.padStart(64, '0');
    // alpha, beta, gamma, delta, the first point of IC.
    for (const index of [0, 2, 6, 10, 14]) expect(codeOf(withWord(index, one))).toBe('vkey/invalid');
  });
});
