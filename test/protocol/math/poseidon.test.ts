import { describe, expect, it } from '@jest/globals';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { r } from '../../../protocol/math/field.ts';

// circomlibjs's published vectors, test/poseidon.js.
const OF_1_2 = 7853200120776062878684798364095072458815029376092732009249414926327459813530n;
const OF_1_2_3_4 = 18821383157269793795438455681495246036402687001665670618754263018637548127333n;

describe('loadPoseidon', () => {
  it('hashes as circomlib does', async () => {
    const poseidon = await loadPoseidon();
    expect(poseidon([1n, 2n])).toBe(OF_1_2);
    expect(poseidon([1n, 2n, 3n, 4n])).toBe(OF_1_2_3_4);
  });

  it('depends on order and on every input', async () => {
    const poseidon = await loadPoseidon();
    const hashes = [poseidon([1n, 2n]), poseidon([2n, 1n]), poseidon([1n, 3n]), poseidon([1n]), poseidon([1n, 2n, 0n])];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash < r).toBe(true);
  });

  it('is built once', () => {
    expect(loadPoseidon()).toBe(loadPoseidon());
  });
});
