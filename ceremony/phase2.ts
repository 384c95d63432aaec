import { curves, powersOfTau, r1cs as constraintSystem, zKey } from 'snarkjs';
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

interface Logger {
  info(line: string): void;
  debug(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/**
 * Runs a verification of snarkjs. It answers true or false, or throws at malformed files; why, it only tells its logger, or the console.
 *
 * @returns what it found wrong; nothing if all holds
 */
async function reasons(verify: (logger: Logger) => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  const ignore = (): void => undefined;
  const logger: Logger = { info: ignore, debug: ignore, warn: ignore, error: (line) => void found.push(line) };
  const { log } = console;
  // eslint-disable-next-line no-console -- where snarkjs says what is wrong with a contribution
  console.log = (line: unknown) => void found.push(String(line));
  try {
    if ((await verify(logger)) === true) return [];
  } catch (error) {
    // Of the disk, not of what is verified.
    if (error instanceof UrnaError && error.code.startsWith('file/')) throw error;
    found.push(error instanceof Error ? error.message : String(error));
  } finally {
    // eslint-disable-next-line no-console -- as it was
    console.log = log;
  }
  return found.length > 0 ? found : ['it does not verify'];
}

/** What is wrong with a phase 1 file: every contribution and all that was made ready for phase 2 is verified. Some 20 s for 2^15. */
export function phase1Problems(ptau: Uint8Array): Promise<string[]> {
  return reasons((logger) => powersOfTau.verify(memory(ptau), logger) as Promise<unknown>);
}

/** What keys are made of, and verified against: the circuit, compiled here, and the phase 1 file, obtained by whoever verifies. */
export interface Basis {
  readonly r1cs: Uint8Array;
  readonly ptau: Uint8Array;
  /** Answers with what {@link startPhase2} makes of the two. By default it is made when it is needed; who verifies again and again keeps it. */
  readonly start?: () => Promise<Uint8Array>;
}

/** The key of a circuit and a phase 1 before any contribution. @throws `setup/key` */
export function startKey({ r1cs, ptau, start = () => startPhase2(r1cs, ptau) }: Basis): Promise<Uint8Array> {
  return start();
}

/**
 * What is wrong with `zkey` as a key of this constraint system on this phase 1, contributions included: snarkjs's `verifyFromR1cs`, in its two
 * steps.
 */
export function phase2Problems(basis: Basis, zkey: Uint8Array): Promise<string[]> {
  return reasons(async (logger) => {
    const start = memory(await startKey(basis));
    return (await zKey.verifyFromInit(start, memory(basis.ptau), memory(zkey), logger)) as unknown;
  });
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

/** The closing step, from a public value that nobody could choose. @param iterationsLog2 - 10 … 63 */
export async function applyBeacon(zkey: Uint8Array, name: string, value: Hex, iterationsLog2: number): Promise<Step> {
  const out = memory();
  const hash: unknown = await zKey.beacon(memory(zkey), out, name, value.slice(2), iterationsLog2);
  require(hash instanceof Uint8Array, 'setup/beacon', 'snarkjs refuses the value or the number of iterations');
  return { zkey: written(out), hash: encodeHex(hash) };
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

/** A source of numbers for ffjavascript. */
export interface Rng {
  nextU64(): bigint;
  nextBool(): boolean;
}

/** A group of ffjavascript; points are bytes in Montgomery form, affine or Jacobian. */
export interface CurveGroup {
  readonly g: Uint8Array;
  neg(point: Uint8Array): Uint8Array;
  isZero(point: Uint8Array): boolean;
  timesFr(point: Uint8Array, scalar: Uint8Array): Uint8Array;
  toAffine(point: Uint8Array): Uint8Array;
  toUncompressed(point: Uint8Array): Uint8Array;
  toObject(point: Uint8Array): unknown;
  fromRng(rng: Rng): Uint8Array;
}

/** What verifying contributions takes of ffjavascript's BN254. */
export interface CeremonyCurve {
  readonly G1: CurveGroup;
  readonly G2: CurveGroup;
  readonly Fr: { fromRng(rng: Rng): Uint8Array };
  /** True if the product of the pairings of (a, b) and (c, d) is one. */
  pairingEq(a: Uint8Array, b: Uint8Array, c: Uint8Array, d: Uint8Array): Promise<boolean>;
}

let curve: Promise<CeremonyCurve> | undefined;

/** The curve, built once, without workers that somebody would have to stop. */
export function loadCurve(): Promise<CeremonyCurve> {
  curve ??= curves.getCurveFromName('bn128', { singleThread: true }) as Promise<CeremonyCurve>;
  return curve;
}
