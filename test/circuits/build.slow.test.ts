import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

describe('compileCircuit', () => {
  const root = join(import.meta.dirname, '../..');
  const folder = `.cache/test/compile-${process.pid}`;
  const kept = join(root, '.cache/circuits/kept');
  const put = (name: string, text: string): void =>
    writeFileSync(join(root, folder, name), `pragma circom 2.2.2;\n${text}`);
  /** Its text is no other suite's: what is kept of it is this suite's to damage. */
  const part = (factor: string): string =>
    `template Part() { signal input a; signal input b; signal output out; out <== a * ${factor}; /* ${folder} */ }`;
  /** Compiles, and tells whether the compiler ran. */
  const compile = (out: string, simplify = true) => {
    const { r1cs, wasm, sym } = compileCircuit(`${folder}/whole.circom`, `${folder}/${out}`, { simplify });
    return { made: { r1cs, wasm, sym }, ran: existsSync(join(root, folder, out)) };
  };
  /** What is kept of this suite's, which its report names. */
  const ours = (): string[] =>
    readdirSync(kept)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(kept, name))
      .filter((path) => readFileSync(path, 'utf8').includes(folder));

  beforeAll(() => {
    mkdirSync(join(root, folder), { recursive: true });
    put('whole.circom', 'include "part.circom";\ncomponent main { public [a] } = Part();');
    put('part.circom', part('b'));
  });
  afterAll(() => [join(root, folder), ...ours()].forEach((path) => rmSync(path, { recursive: true })));

  it('runs the compiler once for the same sources, and again for a changed include or other options', () => {
    const first = compile('first');
    expect(first.ran).toBe(true);
    expect(compile('same')).toEqual({ made: first.made, ran: false });
    expect(compile('unsimplified', false).ran).toBe(true);
    put('part.circom', part('a'));
    const changed = compile('changed');
    expect(changed.ran).toBe(true);
    expect(changed.made.r1cs).not.toEqual(first.made.r1cs);
    put('part.circom', part('b'));
    expect(compile('back')).toEqual({ made: first.made, ran: false });
  });

  it('takes nothing that is not as it was written, and leaves a missing include to the compiler', () => {
    const { made } = compile('good');
    for (const path of ours()) {
      writeFileSync(path, readFileSync(path, 'utf8').replace('"wasm":"AGFzbQ', '"wasm":"AGFzbg'));
    }
    expect(compile('damaged')).toEqual({ made, ran: true });
    for (const path of ours()) writeFileSync(path, readFileSync(path, 'utf8').slice(0, -20));
    expect(compile('cut')).toEqual({ made, ran: true });
    put('whole.circom', 'include "nothing.circom";\ncomponent main = Part();');
    expect(() => compile('missing')).toThrow(expect.objectContaining({ code: 'circuit/compile' }));
  });
});
