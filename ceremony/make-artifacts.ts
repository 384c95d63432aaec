// Makes development artifacts of circuits: npx tsx ceremony/make-artifacts.ts PTAU_FILE CIRCUIT…
// One program makes all contributions, so whoever runs it could forge proofs: the manifest says `insecure`.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPILER, compileCircuit } from '../circuits/compile.ts';
import { encodeHex } from '../protocol/encoding.ts';
import { require } from '../protocol/errors.ts';
import { sha256 } from '../protocol/hash.ts';
import { terminate } from '../protocol/math/groth16.ts';
import { circuitFiles } from './artifacts.ts';
import { readPhase1 } from './phase1.ts';
import { constraintSystemSize } from './phase2.ts';
import { addContribution, beginCeremony, closeCeremony } from './steps.ts';
import { ceremonyProblems } from './verify.ts';

const CONTRIBUTORS = ['development 1', 'development 2', 'development 3'];
/** Hash of Ethereum's genesis block: a constant, so no protection; a real ceremony names a block to come. */
const BEACON = '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3';
const PHASE1 = 'powersOfTau15_final.ptau of the snarkjs test suite, one contribution';

async function makeArtifacts(circuit: string, ptau: Uint8Array): Promise<void> {
  const { r1cs, wasm } = compileCircuit(`circuits/main/${circuit}.circom`, `.cache/circuits/${circuit}`);
  const head = {
    ...{ circuit, compiler: COMPILER, r1cs: encodeHex(sha256(r1cs)), ...(await constraintSystemSize(r1cs)) },
    phase1: readPhase1(ptau, PHASE1),
    contributions: CONTRIBUTORS.length,
    beacon: { source: 'hash of the genesis block of Ethereum', iterationsLog2: 10 },
    development: true,
  };
  const date = new Date().toISOString().slice(0, 10);
  const random = (length: number): Uint8Array => Uint8Array.from(randomBytes(length));
  let ceremony = await beginCeremony(head, { r1cs, ptau }, date);
  for (const name of CONTRIBUTORS) ceremony = await addContribution(ceremony, name, date, random);
  ceremony = await closeCeremony(ceremony, BEACON, date);
  const problems = await ceremonyProblems(ceremony, { r1cs, ptau });
  require(problems.length === 0, 'setup/key', `the finished key does not verify: ${problems.join('; ')}`);
  const folder = join(import.meta.dirname, '../circuits/artifacts', circuit);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of await circuitFiles(ceremony, wasm)) writeFileSync(join(folder, name), bytes);
}

async function main([ptauFile, ...circuits]: readonly string[]): Promise<void> {
  require(ptauFile !== undefined && circuits.length > 0, 'usage/arguments', 'usage: make-artifacts PTAU_FILE CIRCUIT…');
  const ptau = Uint8Array.from(readFileSync(ptauFile));
  for (const circuit of circuits) await makeArtifacts(circuit, ptau);
  await terminate();
}

await main(process.argv.slice(2));
