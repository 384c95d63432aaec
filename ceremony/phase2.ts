import { powersOfTau, r1cs as constraintSystem, zKey } from 'snarkjs';
import type { Hex } from '../protocol/encoding.ts';
import { encodeHex } from '../protocol/encoding.ts';
import { UrnaError, require } from '../protocol/errors.ts';

// snarkjs reads and writes files in memory as objects of this shape.
interface MemoryFile {
  readonly type: 'mem';
  data?: Uint8Array;
}

const memory = (data?: Uint8Array): MemoryFile => (data === undefined ? { type: 'mem' } : { type: 'mem', data });

function written({ data }: MemoryFile): Uint8Array {
  if (data === undefined) throw new UrnaError('internal/ceremony', 'snarkjs wrote no file');
  return data;
}

/** A proving key on its way through phase 2, and the hash of the step that made it. */
export interface Step {
  readonly zkey: Uint8Array;
  readonly hash: Hex;
}

/** True if every contribution of a phase 1 file, made ready for phase 2, is sound. Minutes. */
export async function verifyPhase1(ptau: Uint8Array): Promise<boolean> {
  return (await powersOfTau.verify(memory(ptau))) === true;
}

/** The key before any contribution: anyone can forge proofs for it. @throws `setup/key` */
export async function startPhase2(r1cs: Uint8Array, ptau: Uint8Array): Promise<Uint8Array> {
  const out = memory();
  const result: unknown = await zKey.newZKey(memory(r1cs), memory(ptau), out);
  require(result instanceof Uint8Array, 'setup/key', 'the constraint system does not fit the phase 1 file');
  return written(out);
}

/** One contribution. @param entropy - 64 secret bytes, forgotten at once: whoever has all contributors' can forge proofs */
export async function contribute(zkey: Uint8Array, name: string, entropy: Uint8Array): Promise<Step> {
  require(entropy.length === 64, 'setup/entropy', 'a contribution takes 64 random bytes');
  const out = memory();
  const hash: Uint8Array = await zKey.contribute(memory(zkey), out, name, encodeHex(entropy).slice(2));
  return { zkey: written(out), hash: encodeHex(hash) };
}

/** The closing step, from a public value that nobody could choose. */
export async function applyBeacon(zkey: Uint8Array, name: string, value: Hex, iterationsLog2: number): Promise<Step> {
  const out = memory();
  const hash: Uint8Array = await zKey.beacon(memory(zkey), out, name, value.slice(2), iterationsLog2);
  return { zkey: written(out), hash: encodeHex(hash) };
}

/** True if `zkey` is a key of this constraint system on this phase 1, and all its contributions are sound. */
export async function verifyPhase2(r1cs: Uint8Array, ptau: Uint8Array, zkey: Uint8Array): Promise<boolean> {
  return (await zKey.verifyFromR1cs(memory(r1cs), memory(ptau), memory(zkey))) === true;
}

/** The verifying key in snarkjs's JSON form. */
export async function exportVerifyingKey(zkey: Uint8Array): Promise<Readonly<Record<string, unknown>>> {
  return (await zKey.exportVerificationKey(memory(zkey))) as Readonly<Record<string, unknown>>;
}

/** Size of a constraint system. */
export async function constraintSystemSize(
  r1cs: Uint8Array,
): Promise<{ readonly constraints: number; readonly publicSignals: number }> {
  const info = (await constraintSystem.info(memory(r1cs))) as { nConstraints: number; nPubInputs: number };
  return { constraints: info.nConstraints, publicSignals: info.nPubInputs };
}
