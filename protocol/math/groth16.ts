import { curves, groth16, wtns } from 'snarkjs';
import { UrnaError } from '../errors.ts';
import type { Field } from './field.ts';
import { r } from './field.ts';
import type { VerifyingKey } from './groth16-key.ts';
import { encodeVerifyingKey, requireSignalCount } from './groth16-key.ts';
import type { Proof } from './groth16-proof.ts';
import { decodeProof, proofPoints } from './groth16-proof.ts';

/** The one importer of snarkjs. The shapes it relies on (snarkjs ships no types): */
interface SnarkjsProof {
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
}

/** Inputs of a circuit by name; lists may be nested. */
export type CircuitInputs = Readonly<Record<string, bigint | readonly bigint[] | readonly (readonly bigint[])[]>>;

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

/** Where the circuit refused the inputs; circom's messages hold names and line numbers, never values. */
function refusal(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (
    /Error in template \w+ line: \d+/.exec(text)?.[0] ??
    /(?:Not all|Too many|Signal not found|Not enough)[\w ]*/.exec(text)?.[0] ??
    'unknown reason'
  );
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
  return groth16.verify(encodeVerifyingKey(key), signals.map(String), toSnarkjs(proof));
}

/** What this project uses of ffjavascript's BN254: raw WASM exports on a memory. */
export interface SnarkjsCurve {
  readonly tm: {
    readonly memory: WebAssembly.Memory;
    readonly instance: { readonly exports: WebAssembly.Exports };
  };
}

/** A fresh BN254 of snarkjs without workers, on memory of its own. */
export function loadSingleThreadCurve(): Promise<SnarkjsCurve> {
  return curves.getCurveFromName('bn128', { singleThread: true }) as Promise<SnarkjsCurve>;
}

/** Stops snarkjs's worker threads, which otherwise keep the process alive; they start again on demand. Takes 0.2 s. */
export async function terminate(): Promise<void> {
  const cached = (globalThis as { curve_bn128?: { terminate(): Promise<void> } | null }).curve_bn128;
  if (cached) await cached.terminate();
}

/** Operations of a group of ffjavascript; points are bytes, affine or Jacobian. */
export interface Group {
  multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  timesFr(point: Uint8Array, scalar: Uint8Array): Uint8Array;
  toAffine(point: Uint8Array): Uint8Array;
  toObject(point: Uint8Array): unknown;
}

/** Commands to one of ffjavascript's workers. */
export type EngineTask = readonly Readonly<Record<string, unknown>>[];

/** What the split prover uses of ffjavascript's BN254 engine. */
export interface ProvingEngine {
  readonly G1: Group;
  readonly G2: Group;
  readonly Fr: {
    readonly w: readonly Uint8Array[];
    e(value: bigint): Uint8Array;
    mul(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(a: Uint8Array): Uint8Array;
    fft(values: Uint8Array): Promise<Uint8Array>;
    ifft(values: Uint8Array): Promise<Uint8Array>;
    batchApplyKey(values: Uint8Array, first: Uint8Array, step: Uint8Array): Promise<Uint8Array>;
  };
  readonly tm: { queueAction(task: EngineTask): Promise<Uint8Array[]> };
}

/** The same engine as {@link loadEngine}, for proving. */
export function loadProvingEngine(): Promise<ProvingEngine> {
  return curves.getCurveFromName('bn128') as Promise<ProvingEngine>;
}

/**
 * All wires of a circuit, 32 bytes each, little-endian. Secret.
 *
 * @throws `proof/witness` if the inputs do not satisfy the circuit (the message names the place, never a value)
 */
export async function calculateWitness(wasm: Uint8Array, inputs: CircuitInputs): Promise<Uint8Array> {
  const file: { readonly type: 'mem'; data?: Uint8Array } = { type: 'mem' };
  try {
    await wtns.calculate(inputs, { type: 'mem', data: wasm }, file);
  } catch (error) {
    throw new UrnaError('proof/witness', `the inputs do not satisfy the circuit: ${refusal(error)}`);
  }
  if (file.data === undefined) throw new UrnaError('proof/witness', 'the circuit made no witness');
  // 12 bytes of file header, 12 + 40 of the field's section, 12 of this section's header.
  return file.data.slice(76);
}
