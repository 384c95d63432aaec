import type { Manifest } from '../circuits/manifest.ts';
import { canonicalJson, parseJson } from '../protocol/canonical-json.ts';
import { encodeHex } from '../protocol/encoding.ts';
import { sha256 } from '../protocol/hash.ts';
import { decodeVerifyingKey } from '../protocol/math/groth16-key.ts';
import { deltaChainProblems } from './delta-chain.ts';
import type { CeremonyHead } from './head.ts';
import { MIN_CONTRIBUTIONS, encodeHead } from './head.ts';
import type { Phase1 } from './phase1.ts';
import { readPhase1 } from './phase1.ts';
import type { Basis } from './phase2.ts';
import { constraintSystemSize, loadCurve, phase1Problems, phase2Problems } from './phase2.ts';
import { readKeySetup } from './proving-key.ts';
import { provingKeyProblems } from './setup-gate.ts';
import type { Ceremony } from './steps.ts';
import { transcriptProblems } from './transcript.ts';

/** Told what begins. */
export type Stage = (title: string) => void;

const silent: Stage = () => undefined;

/** Everything that is wrong with a ceremony; none if it is complete and sound (SPEC §13.2). Minutes. @throws `setup/file` */
export async function ceremonyProblems(ceremony: Ceremony, basis: Basis, stage: Stage = silent): Promise<string[]> {
  const { head, entries, zkey } = ceremony;
  const curve = await loadCurve();
  const setup = readKeySetup(curve, zkey);
  const problems = await basisProblems(head.r1cs, head.phase1, basis, stage);
  problems.push(...(await headProblems(head, basis)));
  const last = setup.contributions.at(-1)?.beacon;
  const given = setup.contributions.filter(({ beacon }) => beacon === undefined);
  if (given.length < head.contributions) problems.push(`${given.length} of ${head.contributions} have contributed`);
  if (new Set(given.map(({ name }) => name)).size < given.length) problems.push('one name stands at two contributions');
  if (last === undefined) problems.push('no beacon closes the contributions');
  else if (last.iterationsLog2 !== head.beacon.iterationsLog2) problems.push('the beacon has other iterations');
  problems.push(...transcriptProblems(encodeHead(head), entries, setup, encodeHex(sha256(zkey))));
  stage('contributions');
  problems.push(...(await deltaChainProblems(curve, setup)));
  stage('proving key');
  problems.push(...(await phase2Problems(basis, zkey)));
  return problems;
}

/** What a head claims of its files, which decides whether the keys may serve: whoever began the ceremony wrote it. */
async function headProblems({ phase1, constraints, publicSignals }: CeremonyHead, basis: Basis): Promise<string[]> {
  const problems: string[] = [];
  const found = readPhase1(basis.ptau, phase1.source);
  if (canonicalJson(phase1) !== canonicalJson(found)) problems.push('phase 1 is not what the head says of it');
  const size = await constraintSystemSize(basis.r1cs);
  const same = size.constraints === constraints && size.publicSignals === publicSignals;
  if (!same) problems.push('the constraint system is not of the size that the head says');
  return problems;
}

/** The files of a published circuit. */
export interface PublishedSetup {
  readonly manifest: Manifest;
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
  readonly verifyingKeyBytes: Uint8Array;
}

/** Everything that is wrong with a circuit's published files; none if they are what they say (SPEC §13.2). @throws `setup/file`, `vkey/invalid` */
export async function publishedProblems(
  { manifest, wasm, zkey, verifyingKeyBytes }: PublishedSetup,
  basis: Basis & { readonly wasm: Uint8Array },
  stage: Stage = silent,
): Promise<string[]> {
  const problems = await basisProblems(manifest.r1cs, manifest.ptau, basis, stage);
  const compiled = encodeHex(sha256(basis.wasm));
  if (encodeHex(sha256(wasm)) !== compiled) problems.push('the witness generator is not the one compiled here');
  const { files } = manifest;
  if (files['ballot.wasm'] !== compiled) problems.push('the manifest names another witness generator');
  const named = files['vkey.json'] === encodeHex(sha256(verifyingKeyBytes));
  if (!named) problems.push('the manifest names another verifying key');
  stage('contributions');
  problems.push(
    ...(await provingKeyProblems(zkey, manifest, decodeVerifyingKey(parseJson(verifyingKeyBytes)))),
    ...(manifest.insecure ? [] : insecureReasons(false, readPhase1(basis.ptau, ''), MIN_CONTRIBUTIONS)),
  );
  stage('proving key');
  problems.push(...(await phase2Problems(basis, zkey)));
  return problems;
}

async function basisProblems(
  r1cs: string,
  phase1: Pick<Phase1, 'sha256'>,
  basis: Basis,
  stage: Stage,
): Promise<string[]> {
  const problems: string[] = [];
  if (encodeHex(sha256(basis.r1cs)) !== r1cs) problems.push('the setup is for another constraint system');
  if (encodeHex(sha256(basis.ptau)) !== phase1.sha256) problems.push('the setup was made on another phase 1 file');
  stage('phase 1');
  problems.push(...(await phase1Problems(basis.ptau)).map((problem) => `phase 1: ${problem}`));
  return problems;
}

/** Why keys that came out of a sound ceremony are for development only; none if they may serve any election (SPEC §13.2). */
export function insecureReasons(development: boolean, phase1: Phase1, required: number): string[] {
  const reasons: string[] = [];
  if (development) reasons.push('the ceremony was made for development');
  const enough = phase1.published || phase1.contributors >= required;
  if (!enough)
    reasons.push(`phase 1 is no published file and has ${phase1.contributors} contributors, not ${required}`);
  return reasons;
}

/** {@link insecureReasons} of a ceremony. */
export function insecureBecause({ development, phase1, contributions }: CeremonyHead): string[] {
  return insecureReasons(development, phase1, contributions);
}
