import { buildPoseidon } from 'circomlibjs';
import type { Field } from './field.ts';

interface PoseidonWasm {
  (inputs: readonly bigint[]): Uint8Array;
  readonly F: { toObject(element: Uint8Array): bigint };
}

/** Poseidon over BN254 with circomlib's parameters; inputs below r. */
export interface Poseidon {
  (inputs: readonly bigint[]): Field;
}

let built: Promise<Poseidon> | undefined;

/** circomlibjs's WASM Poseidon, built once (the one importer of circomlibjs). About 65 µs a hash of two. */
export function loadPoseidon(): Promise<Poseidon> {
  built ??= (buildPoseidon() as Promise<PoseidonWasm>).then(
    (poseidon) => (inputs) => poseidon.F.toObject(poseidon(inputs)) as Field,
  );
  return built;
}
