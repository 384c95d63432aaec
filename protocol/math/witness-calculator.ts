import { WitnessCalculatorBuilder } from 'circom_runtime';
import { UrnaError } from '../errors.ts';

/** Inputs of a circuit by name; lists may be nested. */
export type CircuitInputs = Readonly<Record<string, bigint | readonly bigint[] | readonly (readonly bigint[])[]>>;

/** A circuit's witness generator, compiled: may be run again and again, one run at a time. */
export interface WitnessCalculator {
  calculateWTNSBin(inputs: CircuitInputs): Promise<Uint8Array>;
}

/**
 * Compiles a witness generator (the one importer of circom_runtime, which snarkjs uses as well). Takes longer than to run it
 * once, so a voter's client does it before the choice.
 *
 * @param wasm - bytes of circom's generator
 */
export async function loadWitnessCalculator(wasm: Uint8Array): Promise<WitnessCalculator> {
  // The memory of this size is for generators of circom 1; those of circom 2 bring their own.
  return (await WitnessCalculatorBuilder(wasm, { memorySize: 1 })) as WitnessCalculator;
}

/** File header, section of the field, header of the witness's section. */
const HEADER_BYTES = 12 + 52 + 12;

/**
 * All wires of a circuit, 32 bytes each, little-endian. Secret.
 *
 * @throws `proof/witness` if the inputs do not satisfy the circuit (the message names the place, never a value)
 */
export async function runWitnessCalculator(calculator: WitnessCalculator, inputs: CircuitInputs): Promise<Uint8Array> {
  try {
    return (await calculator.calculateWTNSBin(inputs)).slice(HEADER_BYTES);
  } catch (error) {
    throw new UrnaError('proof/witness', `the inputs do not satisfy the circuit: ${refusal(error)}`);
  }
}

/** One witness of a circuit that is not needed again. @throws the code of {@link runWitnessCalculator} */
export async function calculateWitness(wasm: Uint8Array, inputs: CircuitInputs): Promise<Uint8Array> {
  return runWitnessCalculator(await loadWitnessCalculator(wasm), inputs);
}

/** Where the circuit refused the inputs; circom's messages hold names and line numbers, never values. */
export function refusal(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (
    /Error in template \w+ line: \d+/.exec(text)?.[0] ??
    /(?:Not all|Too many|Signal not found|Not enough)[\w ]*/.exec(text)?.[0] ??
    'unknown reason'
  );
}
