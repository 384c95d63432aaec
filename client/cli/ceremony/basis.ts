import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Basis } from '../../../ceremony/phase2.ts';
import { startKey } from '../../../ceremony/phase2.ts';
import { compileCircuit } from '../../../circuits/compile.ts';
import { CONSTRAINT_SYSTEMS } from '../../../protocol/checks/constraint-systems.ts';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { concatBytes, encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { exists, readBytes, writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { MAX_KEY_BYTES } from './folder.ts';

/** A circuit as it was compiled here. */
export interface CompiledHere {
  readonly name: string;
  readonly lanes: number;
  readonly r1cs: Uint8Array;
  readonly wasm: Uint8Array;
}

/** SHA-256, before a kept key. */
const HASH_BYTES = 32;
/** Phase 1 files of up to 2^18 have 300 MB. */
const MAX_PHASE1_BYTES = 2 ** 30;

/** Number of lanes of a ballot circuit. @throws `artifacts/missing` */
export function lanesOf(name: string): number {
  const lanes = [...CONSTRAINT_SYSTEMS.keys()].find((count) => circuitName(count) === name);
  const names = [...CONSTRAINT_SYSTEMS.keys()].map(circuitName).join(', ');
  require(lanes !== undefined, 'artifacts/missing', `there is no circuit ${name}; there are ${names}`);
  return lanes;
}

/**
 * Compiles a circuit: nobody's word is taken for what a key is made for.
 *
 * @throws `artifacts/missing`, `circuit/compile`, `circuit/stale` if these sources do not give the published constraint system
 */
export async function compileHere(call: Invocation, name: string): Promise<CompiledHere> {
  const lanes = lanesOf(name);
  call.progress.note(`compiling ${name}`);
  // A folder of its own: several may compile at the same time.
  const out = `.cache/ceremony/${process.pid}`;
  try {
    const { r1cs, wasm } = compileCircuit(`circuits/main/${name}.circom`, out);
    const published = encodeHex(sha256(r1cs)) === CONSTRAINT_SYSTEMS.get(lanes);
    require(published, 'circuit/stale', `the sources here do not give the published constraint system of ${name}`);
    return { name, lanes, r1cs, wasm };
  } finally {
    await rm(placeOf(out), { recursive: true, force: true });
  }
}

/**
 * What keys of this circuit are verified against. The key before any contribution follows from the two files alone and takes longest to make, so
 * it is kept from one command to the next, by their hashes and snarkjs's version.
 */
export function basisHere({ r1cs }: Pick<CompiledHere, 'r1cs'>, ptau: Uint8Array): Basis {
  const start = async (): Promise<Uint8Array> => {
    const version = await readBytes(placeOf('node_modules/snarkjs/package.json'));
    const name = encodeHex(sha256(concatBytes(...[r1cs, ptau, version].map(sha256)))).slice(2);
    const file = placeOf(`.cache/ceremony/start-${name}.zkey`);
    return (await readStart(file)) ?? makeStart(file, { r1cs, ptau });
  };
  return { r1cs, ptau, start };
}

/** @param path - relative to the project */
function placeOf(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** The kept key, if it is still what was written: its hash stands before it. */
async function readStart(file: string): Promise<Uint8Array | undefined> {
  if (!(await exists(file))) return undefined;
  const bytes = await readBytes(file, MAX_KEY_BYTES);
  const zkey = bytes.slice(HASH_BYTES);
  return encodeHex(sha256(zkey)) === encodeHex(bytes.slice(0, HASH_BYTES)) ? zkey : undefined;
}

async function makeStart(file: string, basis: Basis): Promise<Uint8Array> {
  const zkey = await startKey(basis);
  await writeFile(file, concatBytes(sha256(zkey), zkey), { replace: true });
  return zkey;
}

/** Bytes of the phase 1 file. @throws `usage/option`, `file/*` */
export function readPhase1File(call: Invocation): Promise<Uint8Array> {
  return readBytes(option(call, 'ptau'), MAX_PHASE1_BYTES);
}
