import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPhase2 } from '../../../ceremony/phase2.ts';
import { compileCircuit } from '../../../circuits/compile.ts';
import { pollScope } from '../../../protocol/ballot/slot.ts';
import type { CircuitInputs } from '../../../protocol/math/witness-calculator.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { commitment, id, secrets } from '../../circuits/fixture.ts';

const root = join(import.meta.dirname, '../../..');
const folder = '.cache/bench/semaphore';

/** A Semaphore v4 circuit of depth 20 with a key for measuring only (no contributions), and inputs of a member. */
export interface Semaphore {
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
  readonly inputs: CircuitInputs;
}

/** A phase 1 file of 2^15 that the tests of an installed snarkjs bring along. */
function phase1File(): Uint8Array {
  const name = 'powersOfTau15_final.ptau';
  const modules = join(root, 'node_modules');
  const path = readdirSync(join(modules, 'circomkit'), { recursive: true, encoding: 'utf8' }).find((file) =>
    file.endsWith(name),
  );
  if (path === undefined) throw new Error(`${name} is not installed`);
  return Uint8Array.from(readFileSync(join(modules, 'circomkit', path)));
}

/** Compiles `@semaphore-protocol/circuits` with --O2, as its authors do. */
export async function makeSemaphore(): Promise<Semaphore> {
  mkdirSync(join(root, folder), { recursive: true });
  const main = 'component main {public [message, scope]} = Semaphore(20);';
  const include = 'include "@semaphore-protocol/circuits/src/semaphore.circom";';
  writeFileSync(join(root, folder, 'semaphore.circom'), `pragma circom 2.2.2;\n${include}\n${main}\n`);
  const libraries = [
    'node_modules',
    'node_modules/circomlib/circuits',
    'node_modules/@zk-kit/binary-merkle-root.circom/src',
  ];
  const { r1cs, wasm } = compileCircuit(`${folder}/semaphore.circom`, folder, { libraries });
  return { wasm, zkey: await startPhase2(r1cs, phase1File()), inputs: await memberInputs() };
}

async function memberInputs(): Promise<CircuitInputs> {
  const poseidon = await loadPoseidon();
  const scope = pollScope(id);
  const secret = secrets[0] ?? 0n;
  const siblings = Array.from({ length: 20 }, (_, i) => commitment(poseidon, BigInt(i + 1)));
  return { secret, merkleProofLength: 20n, merkleProofIndex: 5n, merkleProofSiblings: siblings, message: 1n, scope };
}
