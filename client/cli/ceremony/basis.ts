import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCircuit } from '../../../circuits/compile.ts';
import { CONSTRAINT_SYSTEMS } from '../../../protocol/checks/constraint-systems.ts';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { readBytes } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';

/** A circuit as it was compiled here. */
export interface CompiledHere {
  readonly name: string;
  readonly lanes: number;
  readonly r1cs: Uint8Array;
  readonly wasm: Uint8Array;
}

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
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    await rm(join(root, out), { recursive: true, force: true });
  }
}

/** Bytes of the phase 1 file. @throws `usage/option`, `file/*` */
export function readPhase1File(call: Invocation): Promise<Uint8Array> {
  return readBytes(option(call, 'ptau'), MAX_PHASE1_BYTES);
}
