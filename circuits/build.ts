// Compiles circuits and compares them with the committed artifacts: npx tsx circuits/build.ts [CIRCUIT…]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeHex } from '../protocol/encoding.ts';
import { UrnaError } from '../protocol/errors.ts';
import { sha256 } from '../protocol/hash.ts';
import { compileCircuit } from './compile.ts';
import { decodeManifest } from './manifest.ts';

const COMMITTED = ['ballot-2', 'ballot-8', 'ballot-16'];

/**
 * Compiles a circuit and checks that its committed key was made for exactly this constraint system.
 *
 * @returns one line about it
 * @throws `circuit/stale` if sources and artifacts differ, `circuit/warning` if the compiler warned, `circuit/compile`
 */
export function checkCircuit(circuit: string): string {
  const manifest = decodeManifest(
    Uint8Array.from(readFileSync(join(import.meta.dirname, 'artifacts', circuit, 'manifest.json'))),
  );
  const { r1cs, wasm, report } = compileCircuit(`circuits/main/${circuit}.circom`, `.cache/circuits/${circuit}`);
  if (/warning\[/.test(report)) throw new UrnaError('circuit/warning', `${circuit}: the compiler warns: ${report}`);
  const same = encodeHex(sha256(r1cs)) === manifest.r1cs && encodeHex(sha256(wasm)) === manifest.files['ballot.wasm'];
  if (!same) throw new UrnaError('circuit/stale', `${circuit}: the artifacts belong to other sources`);
  return `${circuit}: ${manifest.constraints} constraints, ${manifest.publicSignals} public signals, as committed`;
}

if (process.argv[1] === import.meta.filename) {
  const chosen = process.argv.slice(2);
  for (const circuit of chosen.length > 0 ? chosen : COMMITTED) process.stdout.write(`${checkCircuit(circuit)}\n`);
}
