import { buildPoseidon } from 'circomlibjs';
import type { Field } from './field.ts';

/** circomlibjs's field: elements are 32 bytes in its own (Montgomery) form. */
interface WasmField {
  toObject(element: Uint8Array): bigint;
  fromRprLE(bytes: Uint8Array, offset: number): Uint8Array;
  toRprBE(bytes: Uint8Array, offset: number, element: Uint8Array): void;
}

interface PoseidonWasm {
  (inputs: readonly bigint[] | Uint8Array): Uint8Array;
  readonly F: WasmField;
}

/** Most inputs of a hash: bundles hold the constants of no more, and circomlibjs would read on past their end. */
const MAX_INPUTS = 2;

/** Poseidon over BN254 with circomlib's parameters, of one or two inputs below r. */
export interface Poseidon {
  (inputs: readonly bigint[]): Field;
}

let wasm: Promise<PoseidonWasm> | undefined;
let built: Promise<Poseidon> | undefined;

/** circomlibjs's WASM Poseidon, built once (the one importer of circomlibjs). */
function loadWasm(): Promise<PoseidonWasm> {
  wasm ??= buildPoseidon() as Promise<PoseidonWasm>;
  return wasm;
}

/** Poseidon of numbers. About 65 µs a hash of two. */
export function loadPoseidon(): Promise<Poseidon> {
  built ??= loadWasm().then((poseidon) => (inputs) => {
    if (inputs.length > MAX_INPUTS) throw new RangeError('Poseidon of more than two inputs is no part of the protocol');
    return poseidon.F.toObject(poseidon(inputs)) as Field;
  });
  return built;
}

/**
 * A function that hashes each pair of neighbours in a row of nodes, an odd last one moving up unchanged (SPEC §6.1), until one is left: the root of a
 * LeanIMT as a word, given its leaves as words below r; 0 without leaves. Numbers are left out on the way, a tenth of the time.
 */
export async function loadTreeHash(): Promise<(leaves: Uint8Array) => Uint8Array> {
  const poseidon = await loadWasm();
  return (leaves) => {
    const root = new Uint8Array(32);
    const nodes = toElements(poseidon.F, leaves);
    for (let count = nodes.length / 32; count > 1; count = Math.ceil(count / 2)) hashLevel(poseidon, nodes, count);
    if (nodes.length > 0) poseidon.F.toRprBE(root, 0, nodes.slice(0, 32));
    return root;
  };
}

function toElements(F: WasmField, words: Uint8Array): Uint8Array {
  const elements = new Uint8Array(words.length);
  for (let start = 0; start < words.length; start += 32) {
    // A copy: what Node's Buffer calls a slice is the caller's own bytes.
    elements.set(F.fromRprLE(new Uint8Array(words.subarray(start, start + 32)).reverse(), 0), start);
  }
  return elements;
}

/** Puts the parents of `count` nodes in their place. */
function hashLevel(poseidon: PoseidonWasm, nodes: Uint8Array, count: number): void {
  for (let i = 0; 2 * i + 1 < count; i++) nodes.set(poseidon(nodes.subarray(64 * i, 64 * i + 64)), 32 * i);
  if (count % 2 === 1) nodes.copyWithin(16 * (count - 1), 32 * (count - 1), 32 * count);
}
