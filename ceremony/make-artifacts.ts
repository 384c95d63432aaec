// Makes development artifacts of a circuit: npx tsx ceremony/make-artifacts.ts PTAU_FILE CIRCUIT…
// One program makes all contributions, so whoever runs it could forge proofs: the manifest says `insecure`.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCircuit } from '../circuits/compile.ts';
import type { Contribution, Manifest } from '../circuits/manifest.ts';
import type { Hex } from '../protocol/encoding.ts';
import { encodeHex, encodeText } from '../protocol/encoding.ts';
import { require } from '../protocol/errors.ts';
import { sha256 } from '../protocol/hash.ts';
import { terminate } from '../protocol/math/groth16.ts';
import {
  applyBeacon,
  constraintSystemSize,
  contribute,
  exportVerifyingKey,
  startPhase2,
  verifyPhase1,
  verifyPhase2,
} from './phase2.ts';

const CONTRIBUTORS = ['development 1', 'development 2', 'development 3'];
/** Hash of Ethereum's genesis block: a constant, so no protection; a real ceremony names a block to come. */
const BEACON = '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3';
const BEACON_ITERATIONS_LOG2 = 10;

const digest = (bytes: Uint8Array): Hex => encodeHex(sha256(bytes));

/** All contributions and the beacon, on top of the key nobody contributed to. */
async function runPhase2(
  r1cs: Uint8Array,
  ptau: Uint8Array,
): Promise<{ readonly zkey: Uint8Array; readonly contributions: Contribution[]; readonly beacon: Hex }> {
  let zkey = await startPhase2(r1cs, ptau);
  const contributions: Contribution[] = [];
  for (const name of CONTRIBUTORS) {
    const step = await contribute(zkey, name, Uint8Array.from(randomBytes(64)));
    zkey = step.zkey;
    contributions.push({ name, hash: step.hash });
  }
  const last = await applyBeacon(zkey, 'beacon', BEACON, BEACON_ITERATIONS_LOG2);
  require(await verifyPhase2(r1cs, ptau, last.zkey), 'setup/key', 'the finished key does not verify');
  return { zkey: last.zkey, contributions, beacon: last.hash };
}

async function makeArtifacts(circuit: string, ptau: Uint8Array): Promise<void> {
  const { r1cs, wasm } = compileCircuit(`circuits/main/${circuit}.circom`, `.cache/circuits/${circuit}`);
  const { zkey, contributions, beacon } = await runPhase2(r1cs, ptau);
  const vkey = encodeText(`${JSON.stringify(await exportVerifyingKey(zkey), null, 1)}\n`);
  const manifest: Manifest = {
    circuit,
    insecure: true,
    note: 'Development only: one program made every contribution.',
    compiler: 'circom 2.2.3 (npm circom2 0.2.23), --O2',
    r1cs: digest(r1cs),
    ...(await constraintSystemSize(r1cs)),
    ptau: {
      sha256: digest(ptau),
      power: 15,
      source: 'powersOfTau15_final.ptau of the snarkjs test suite, one contribution',
    },
    files: { 'ballot.wasm': digest(wasm), 'ballot.zkey': digest(zkey), 'vkey.json': digest(vkey) },
    contributions,
    beacon: {
      value: BEACON,
      iterationsLog2: BEACON_ITERATIONS_LOG2,
      source: 'hash of the genesis block of Ethereum',
      hash: beacon,
    },
  };
  const folder = join(import.meta.dirname, '../circuits/artifacts', circuit);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ballot.wasm'), wasm);
  writeFileSync(join(folder, 'ballot.zkey'), zkey);
  writeFileSync(join(folder, 'vkey.json'), vkey);
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function main([ptauFile, ...circuits]: readonly string[]): Promise<void> {
  require(ptauFile !== undefined && circuits.length > 0, 'usage/arguments', 'usage: make-artifacts PTAU_FILE CIRCUIT…');
  const ptau = Uint8Array.from(readFileSync(ptauFile));
  require(await verifyPhase1(ptau), 'setup/key', 'the phase 1 file does not verify');
  for (const circuit of circuits) await makeArtifacts(circuit, ptau);
  await terminate();
}

await main(process.argv.slice(2));
