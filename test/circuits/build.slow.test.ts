import { describe, expect, it } from '@jest/globals';
import { checkCircuit } from '../../circuits/build.ts';
import { compileCircuit } from '../../circuits/compile.ts';
import { CONSTRAINT_SYSTEMS } from '../../protocol/checks/constraint-systems.ts';
import { encodeHex } from '../../protocol/encoding.ts';
import { sha256 } from '../../protocol/hash.ts';
import { readConstraintSystem } from './constraint-system.ts';

/** Constraints and public signals; DESIGN §5 asks for at most 8,100, 11,400 and 15,900 constraints. */
const SIZES = {
  'ballot-2': [8088, 26, 2 ** 13],
  'ballot-8': [11_397, 62, 2 ** 14],
  'ballot-16': [15_865, 110, 2 ** 14],
};

describe('checkCircuit', () => {
  it.each(['ballot-2', 'ballot-8', 'ballot-16'])(
    'finds the committed artifacts of %s made from these sources, without a warning',
    (circuit) => {
      expect(checkCircuit(circuit)).toMatch(/as committed$/);
    },
  );
});

describe('constraints', () => {
  it.each(Object.entries(SIZES))(
    'of %s are as many as stated, and fit its FFT domain with the signals',
    (circuit, size) => {
      const { r1cs, sym, report } = compileCircuit(`circuits/main/${circuit}.circom`, `.cache/test/${circuit}`);
      const { constraints, publicSignals } = readConstraintSystem(r1cs, sym);
      const [expected, signals, domain] = size as [number, number, number];
      expect([constraints.length, publicSignals]).toEqual([expected, signals]);
      expect(constraints.length + publicSignals + 1).toBeLessThanOrEqual(domain);
      expect(report).not.toMatch(/warning/);
      expect([...CONSTRAINT_SYSTEMS.values()]).toContain(encodeHex(sha256(r1cs)));
    },
  );
});
