import type { Manifest } from '../circuits/manifest.ts';
import { CONSTRAINT_SYSTEMS } from '../protocol/checks/constraint-systems.ts';
import { encodeHex } from '../protocol/encoding.ts';
import { sha256 } from '../protocol/hash.ts';
import type { G2Point } from '../protocol/math/bn254.ts';
import { G2_GENERATOR } from '../protocol/math/bn254.ts';
import type { VerifyingKey } from '../protocol/math/groth16-key.ts';
import { decodeVerifyingKey, encodeVerifyingKey, publicCount } from '../protocol/math/groth16-key.ts';
import { deltaChainProblems } from './delta-chain.ts';
import { MIN_CONTRIBUTIONS } from './head.ts';
import { exportVerifyingKey, loadCurve } from './phase2.ts';
import { readKeySetup } from './proving-key.ts';
import type { KeySetup } from './proving-key.ts';

/** What an election asks of a circuit's setup. */
export interface SetupPolicy {
  readonly environment: 'development' | 'rehearsal' | 'binding';
  /** Contributions to phase 2, the beacon not counted. */
  readonly minContributions: number;
}

/** A circuit's setup as it stands before deployment. */
export interface Setup {
  readonly lanes: number;
  readonly manifest: Manifest;
  readonly key: VerifyingKey;
  readonly verifyingKeyBytes: Uint8Array;
}

/** What every election asks at least (SPEC §13). */
export function setupPolicy(environment: SetupPolicy['environment']): SetupPolicy {
  return { environment, minContributions: MIN_CONTRIBUTIONS };
}

/** Why a setup must not be used, as far as verifying key and manifest show it, one sentence each (SPEC §13); none if it may. */
export function setupProblems({ lanes, manifest, key, verifyingKeyBytes }: Setup, policy: SetupPolicy): string[] {
  const problems: string[] = [];
  const refuse = (holds: boolean, problem: string): void => void (holds && problems.push(problem));
  refuse(equal(key.gamma, key.delta), 'gamma equals delta: anyone can forge proofs');
  refuse(equal(key.delta, G2_GENERATOR), 'delta is the generator: nobody has contributed');
  const { contributions, insecure, files, beacon } = manifest;
  const different = (values: readonly string[]): number => new Set(values).size;
  const given = Math.min(
    different(contributions.map(({ hash }) => hash)),
    different(contributions.map(({ name }) => name)),
  );
  refuse(given < policy.minContributions, `${given} have contributed, ${policy.minContributions} are needed`);
  refuse(beacon === null, 'no beacon closes the contributions');
  refuse(files['vkey.json'] !== encodeHex(sha256(verifyingKeyBytes)), 'the key is not the one of the transcript');
  refuse(publicCount(key) !== 14 + 12 * lanes, 'the key is for another number of public signals');
  refuse(
    manifest.r1cs !== CONSTRAINT_SYSTEMS.get(lanes),
    'the key is for another statement than the published circuit',
  );
  refuse(insecure && policy.environment !== 'development', 'the setup was made for development only');
  return problems;
}

/**
 * Where a proving key contradicts the manifest and the verifying key it is published with; none if it does not. Here a trapdoor's key,
 * a missing and a replaced contribution show: δ must be what the listed contributions made of the generator.
 *
 * What else is in the key takes the phase 1 file: `urna ceremony verify`.
 */
export async function provingKeyProblems(
  zkey: Uint8Array,
  manifest: Manifest,
  verifyingKey: VerifyingKey,
): Promise<string[]> {
  const curve = await loadCurve();
  const setup = readKeySetup(curve, zkey);
  const problems = listProblems(manifest, setup);
  if (manifest.files['ballot.zkey'] !== encodeHex(sha256(zkey))) {
    problems.push('the proving key is not the one of the transcript');
  }
  const exported = encodeVerifyingKey(decodeVerifyingKey(await exportVerifyingKey(zkey)));
  if (JSON.stringify(exported) !== JSON.stringify(encodeVerifyingKey(verifyingKey))) {
    problems.push('the proving key belongs to another verifying key');
  }
  problems.push(...(await deltaChainProblems(curve, setup)));
  return problems;
}

function listProblems(manifest: Manifest, { contributions }: KeySetup): string[] {
  const problems: string[] = [];
  const made = contributions.filter(({ beacon }) => beacon === undefined);
  const listed = manifest.contributions;
  if (made.length !== listed.length) {
    problems.push(`the transcript names ${listed.length} contributions, the proving key holds ${made.length}`);
  }
  listed.forEach(({ name, hash }, i) => {
    const same = made[i]?.name === name && made[i]?.hash === hash;
    if (made[i] !== undefined && !same) problems.push(`contribution ${i + 1} is not the one of the transcript`);
  });
  const last = contributions.at(-1);
  const beacon = manifest.beacon;
  const closed =
    last?.beacon !== undefined &&
    beacon !== null &&
    last.hash === beacon.hash &&
    last.beacon.value === beacon.value &&
    last.beacon.iterationsLog2 === beacon.iterationsLog2;
  if (!closed) problems.push('the proving key does not end with the beacon of the transcript');
  if (contributions.length - made.length > 1) problems.push('the proving key has more than one beacon');
  return problems;
}

function equal(a: G2Point, b: G2Point): boolean {
  return [...a.x, ...a.y].every((coordinate, i) => coordinate === [...b.x, ...b.y][i]);
}
