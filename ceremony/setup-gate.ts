import type { Manifest } from '../circuits/manifest.ts';
import { encodeHex } from '../protocol/encoding.ts';
import { sha256 } from '../protocol/hash.ts';
import type { G2Point } from '../protocol/math/bn254.ts';
import { G2_GENERATOR } from '../protocol/math/bn254.ts';
import type { VerifyingKey } from '../protocol/math/groth16-key.ts';
import { publicCount } from '../protocol/math/groth16-key.ts';

/** What an election asks of a circuit's setup. */
export interface SetupPolicy {
  readonly environment: 'development' | 'rehearsal' | 'binding';
  /** Contributions to phase 2, the beacon not counted. */
  readonly minContributions: number;
}

/** A circuit's setup as it stands before deployment. */
export interface Setup {
  readonly manifest: Manifest;
  readonly key: VerifyingKey;
  readonly verifyingKeyBytes: Uint8Array;
  /** SHA-256 of the constraint system compiled here; undefined to leave the comparison out. */
  readonly r1cs?: Uint8Array;
}

/**
 * Why a setup must not be used, one sentence each (SPEC §13); none if it may.
 *
 * A simulated key (known trapdoor) of the tests is caught by its missing transcript, whose key would have another hash.
 */
export function setupProblems({ manifest, key, verifyingKeyBytes, r1cs }: Setup, policy: SetupPolicy): string[] {
  const problems: string[] = [];
  const refuse = (holds: boolean, problem: string): void => void (holds && problems.push(problem));
  refuse(equal(key.gamma, key.delta), 'gamma equals delta: anyone can forge proofs');
  refuse(equal(key.delta, G2_GENERATOR), 'delta is the generator: nobody has contributed');
  const { contributions, insecure, files, publicSignals, beacon } = manifest;
  const given = new Set(contributions.map(({ hash }) => hash)).size;
  refuse(given < policy.minContributions, `${given} have contributed, ${policy.minContributions} are needed`);
  refuse(beacon?.hash === undefined, 'no beacon closes the contributions');
  refuse(files['vkey.json'] !== encodeHex(sha256(verifyingKeyBytes)), 'the key is not the one of the transcript');
  refuse(publicCount(key) !== publicSignals, 'the key is for another number of public signals');
  refuse(insecure && policy.environment !== 'development', 'the setup was made for development only');
  refuse(r1cs !== undefined && encodeHex(r1cs) !== manifest.r1cs, 'the transcript is of another circuit');
  return problems;
}

function equal(a: G2Point, b: G2Point): boolean {
  return [...a.x, ...a.y].every((coordinate, i) => coordinate === [...b.x, ...b.y][i]);
}
