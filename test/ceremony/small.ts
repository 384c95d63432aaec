import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curves, powersOfTau } from 'snarkjs';
import type { CeremonyHead } from '../../ceremony/head.ts';
import { readPhase1 } from '../../ceremony/phase1.ts';
import { constraintSystemSize } from '../../ceremony/phase2.ts';
import type { Ceremony } from '../../ceremony/steps.ts';
import { addContribution, beginCeremony, closeCeremony } from '../../ceremony/steps.ts';
import { compileCircuit } from '../../circuits/compile.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { encodeHex } from '../../protocol/encoding.ts';
import { sha256 } from '../../protocol/hash.ts';
import type { RandomBytes } from '../../protocol/random.ts';

const root = join(import.meta.dirname, '../..');
/** A value that a beacon might have. */
export const BEACON: Hex = `0x${'5a'.repeat(32)}`;
export const DAY = '2027-05-09';

/** Reproducible bytes, for contributions that protect nothing. */
export const draw: RandomBytes = (length) => Uint8Array.from(createHash('shake256', { outputLength: length }).digest());

/** Constraint systems of two statements of the same size about as many signals: `out = a·b`, and `out = b·b` whatever `a` is. */
export function smallCircuit(statement: 'product' | 'square'): Uint8Array {
  // A folder of its own: suites run side by side.
  const folder = `.cache/test/ceremony-${statement}-${process.pid}`;
  mkdirSync(join(root, folder), { recursive: true });
  const body = statement === 'product' ? 'out <== a * b;' : 'out <== b * b;';
  const text = `pragma circom 2.2.2;
template Small() { signal input a; signal input b; signal output out; ${body} }
component main { public [a] } = Small();
`;
  writeFileSync(join(root, folder, 'small.circom'), text);
  const { r1cs } = compileCircuit(`${folder}/small.circom`, folder);
  rmSync(join(root, folder), { recursive: true });
  return r1cs;
}

interface MemoryFile {
  readonly type: 'mem';
  data?: Uint8Array;
}

/** A phase 1 file of 2^4, made ready for phase 2, with one contribution of each of `names`. */
export async function smallPhase1(names: readonly string[]): Promise<Uint8Array> {
  const curve: unknown = await curves.getCurveFromName('bn128');
  let file: MemoryFile = { type: 'mem' };
  await powersOfTau.newAccumulator(curve, 4, file);
  for (const name of names) {
    const next: MemoryFile = { type: 'mem' };
    await powersOfTau.contribute(file, next, name, name);
    file = next;
  }
  const ready: MemoryFile = { type: 'mem' };
  await powersOfTau.preparePhase2(file, ready);
  if (ready.data === undefined) throw new Error('snarkjs wrote no file');
  return ready.data;
}

/** What a ceremony of this small circuit fixes beforehand. */
export async function smallHead(
  r1cs: Uint8Array,
  ptau: Uint8Array,
  change: Partial<CeremonyHead> = {},
): Promise<CeremonyHead> {
  return {
    ...{ circuit: 'small', compiler: 'circom', r1cs: encodeHex(sha256(r1cs)), ...(await constraintSystemSize(r1cs)) },
    phase1: readPhase1(ptau, 'made for a test'),
    contributions: 3,
    beacon: { source: 'a block to come', iterationsLog2: 10 },
    development: false,
    ...change,
  };
}

/** A whole ceremony, one contribution of each of `names`. */
export async function smallCeremony(
  r1cs: Uint8Array,
  ptau: Uint8Array,
  names: readonly string[] = ['Ada', 'Blaise', 'Carl'],
): Promise<Ceremony> {
  let ceremony = await beginCeremony(await smallHead(r1cs, ptau), { r1cs, ptau }, DAY);
  for (const name of names) ceremony = await addContribution(ceremony, name, DAY, draw);
  return closeCeremony(ceremony, BEACON, DAY);
}
