import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCircuit } from '../../circuits/compile.ts';
import type { CircuitInputs } from '../../protocol/math/witness-calculator.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { wireAt, witnessBytes } from './fixture.ts';

/** A witness generator that follows a cheater's inputs to the end, where the real one would stop. */
export interface Generator {
  readonly wasm: Uint8Array;
  /** Place of every signal in its output, by name. */
  readonly places: ReadonlyMap<string, number>;
}

/** As many characters: the compiler names anonymous components by their place in the source. */
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/**
 * The witness generator of a circuit from whose sources every `===` was removed. Signals keep their names, so that its
 * values can be put into the real constraint system: what stops a cheater must be a constraint, not an assertion.
 *
 * @param copy - folder for the changed sources, of this suite alone
 */
export function uncheckedGenerator(circuit: string, copy: string): Generator {
  const root = join(import.meta.dirname, '../..');
  cpSync(join(root, 'circuits'), join(root, copy), { recursive: true, filter: (path) => !path.includes('artifacts') });
  for (const file of readdirSync(join(root, copy), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.circom')) continue;
    const source = readFileSync(join(root, copy, file), 'utf8');
    writeFileSync(join(root, copy, file), source.replace(/^[^/\n]*===[^;]*;/gm, blank));
  }
  const { wasm, sym } = compileCircuit(`${copy}/main/${circuit}.circom`, `${copy}/${circuit}`, { simplify: false });
  const lines = sym.trim().split('\n');
  return { wasm, places: new Map(lines.map((line) => line.split(',')).map((parts) => [parts[3]!, Number(parts[1])])) };
}

/** The wires of the real system, as the unchecked generator computes them. */
export async function uncheckedWitness(
  { wasm, places }: Generator,
  { wires, wireOf }: ConstraintSystem,
  inputs: CircuitInputs,
): Promise<bigint[]> {
  const values = await witnessBytes(wasm, inputs);
  const witness = Array.from({ length: wires }, () => 1n);
  for (const [name, wire] of wireOf) {
    const place = places.get(name);
    if (place === undefined) throw new Error(`the generator has no signal ${name}`);
    witness[wire] = wireAt(values, place);
  }
  return witness;
}
