import { describe, expect, it } from '@jest/globals';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { r } from '../../../protocol/math/field.ts';

// circomlibjs's published vectors, test/poseidon.js.
const OF_1_2 = 7853200120776062878684798364095072458815029376092732009249414926327459813530n;
const OF_1 = 18586133768512220936620570745912940619677854269274689475585506675881198879027n;

describe('loadPoseidon', () => {
  it('hashes as circomlib does', async () => {
    const poseidon = await loadPoseidon();
    expect(poseidon([1n, 2n])).toBe(OF_1_2);
    expect(poseidon([1n])).toBe(OF_1);
  });

  it('depends on order and on every input', async () => {
    const poseidon = await loadPoseidon();
    const hashes = [poseidon([1n, 2n]), poseidon([2n, 1n]), poseidon([1n, 3n]), poseidon([1n]), poseidon([2n])];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash < r).toBe(true);
  });

  it('refuses more inputs than there are constants for', async () => {
    const poseidon = await loadPoseidon();
    expect(() => poseidon([1n, 2n, 3n])).toThrow(RangeError);
  });

  it('is built once', () => {
    expect(loadPoseidon()).toBe(loadPoseidon());
  });
});
