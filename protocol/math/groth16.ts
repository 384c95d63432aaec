import { buildBn128 } from 'ffjavascript';
import { groth16 } from 'snarkjs';
import { UrnaError } from '../errors.ts';
import { addBucketFunctions } from './bucket-wasm.ts';
import { addTransforms } from './transform-wasm.ts';
import type { ModuleBuilder } from './wasm-builder.ts';
import type { Field } from './field.ts';
import { r } from './field.ts';
import type { VerifyingKey } from './groth16-key.ts';
import { encodeVerifyingKey, requireSignalCount } from './groth16-key.ts';
import type { Proof } from './groth16-proof.ts';
import { decodeProof, proofPoints } from './groth16-proof.ts';
import type { CircuitInputs } from './witness-calculator.ts';
import { refusal } from './witness-calculator.ts';

/** The one importer of snarkjs and ffjavascript, its engine. The shapes it relies on (snarkjs ships no types): */
interface SnarkjsProof {
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
}

/** A proof and the public signals it is for, in the circuit's order. */
export interface ProvedStatement {
  readonly proof: Proof;
  readonly signals: readonly Field[];
}

function fromSnarkjs({ pi_a: a, pi_b: b, pi_c: c }: SnarkjsProof): Proof {
  return decodeProof([a[0], a[1], b[0]?.[1], b[0]?.[0], b[1]?.[1], b[1]?.[0], c[0], c[1]].map((x) => BigInt(x ?? -1)));
}

function toSnarkjs(proof: readonly bigint[]): Record<string, unknown> {
  const { a, b, c } = proofPoints(proof);
  return {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: [String(a.x), String(a.y), '1'],
    pi_b: [b.x.map(String), b.y.map(String), ['1', '0']],
    pi_c: [String(c.x), String(c.y), '1'],
  };
}

/**
 * Proves `inputs` with snarkjs.
 *
 * @param wasm - bytes of the circuit's witness generator
 * @param zkey - bytes of the proving key
 * @returns the strictly decoded proof and the public signals
 * @throws `proof/witness` if the inputs do not satisfy the circuit (the message names the place, never a value)
 */
export async function prove(wasm: Uint8Array, zkey: Uint8Array, inputs: CircuitInputs): Promise<ProvedStatement> {
  let result: { readonly proof: SnarkjsProof; readonly publicSignals: readonly string[] };
  await loadThreadedCurve();
  try {
    result = await groth16.fullProve(inputs, { type: 'mem', data: wasm }, { type: 'mem', data: zkey });
  } catch (error) {
    throw new UrnaError('proof/witness', `the inputs do not satisfy the circuit: ${refusal(error)}`);
  }
  return { proof: fromSnarkjs(result.proof), signals: result.publicSignals.map((signal) => BigInt(signal) as Field) };
}

/**
 * True if `proof` (eight words) proves `signals` under `key`, by snarkjs after strict decoding.
 * A malformed proof or a signal ≥ r is simply not a proof.
 *
 * @throws `proof/signals` if the number of signals is not the circuit's
 */
export async function verifyOne(
  key: VerifyingKey,
  signals: readonly bigint[],
  proof: readonly bigint[],
): Promise<boolean> {
  requireSignalCount(key, signals);
  if (signals.some((signal) => signal < 0n || signal >= r)) return false;
  try {
    decodeProof(proof);
  } catch {
    return false;
  }
  await loadThreadedCurve();
  return groth16.verify(encodeVerifyingKey(key), signals.map(String), toSnarkjs(proof));
}

/** What this project uses of ffjavascript's BN254: raw WASM exports on a memory. */
export interface SnarkjsCurve {
  readonly tm: {
    readonly memory: WebAssembly.Memory;
    readonly instance: { readonly exports: WebAssembly.Exports };
  };
}

/** A fresh BN254 without workers, on memory of its own. */
export function loadSingleThreadCurve(): Promise<SnarkjsCurve> {
  return buildBn128(true) as Promise<SnarkjsCurve>;
}

/** This project's additions to ffjavascript's WASM. */
function addFunctions(module: ModuleBuilder): void {
  addBucketFunctions(module);
  addTransforms(module);
}

/** A fresh BN254 with this project's additions that works in the calling thread: for threads of one's own. */
export function loadOwnCurve(): Promise<unknown> {
  return buildBn128(true, addFunctions) as Promise<unknown>;
}

type Terminable = { terminate(): Promise<void> } | null | undefined;
const shared = globalThis as { curve_bn128?: Terminable };
let threaded: Promise<unknown> | undefined;

/**
 * BN254 with a worker a core and this project's additions, loaded once; {@link terminate} stops the workers. snarkjs uses the same one, unless
 * it was there before with one of its own.
 */
export function loadThreadedCurve(): Promise<unknown> {
  threaded ??= (async () => {
    const own = shared.curve_bn128;
    shared.curve_bn128 = null; // or ffjavascript would return the one without our additions
    const curve: unknown = await buildBn128(false, addFunctions);
    if (own) shared.curve_bn128 = own;
    return curve;
  })();
  return threaded;
}

/** Stops the worker threads, which otherwise keep the process alive; they start again on demand. Takes 0.2 s. */
export async function terminate(): Promise<void> {
  const curves = new Set([shared.curve_bn128, (await threaded) as Terminable]);
  threaded = undefined;
  for (const curve of curves) if (curve) await curve.terminate();
}
