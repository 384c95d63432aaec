import { join } from 'node:path';
import { circuitFiles } from '../../../ceremony/artifacts.ts';
import { loadCurve } from '../../../ceremony/phase2.ts';
import { readKeySetup } from '../../../ceremony/proving-key.ts';
import { setupPolicy, setupProblems } from '../../../ceremony/setup-gate.ts';
import type { Ceremony } from '../../../ceremony/steps.ts';
import { entryHash } from '../../../ceremony/transcript.ts';
import { ceremonyProblems, insecureBecause, publishedProblems } from '../../../ceremony/verify.ts';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { at, require } from '../../../protocol/errors.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { artifactsFolder } from '../ballot/artifacts.ts';
import { exists, writeFile } from '../../../protocol/node/files.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import type { CompiledHere } from './basis.ts';
import { basisHere, compileHere, lanesOf, readPhase1File } from './basis.ts';
import { readCeremony } from './folder.ts';

/**
 * `urna ceremony verify`: everything that can be known of a ceremony, or of a circuit's published files: phase 1, every contribution,
 * every element of the key against the circuit compiled here. Exit 1 with what is wrong.
 *
 * @throws `usage/option`, `artifacts/*`, `setup/file`, `circuit/*`, `file/*`
 */
export function verify(call: Invocation): Promise<Outcome> {
  const folder = optional(call, 'folder');
  require((folder === undefined) !==
    (optional(call, 'circuit') ===
      undefined), 'usage/option', 'give --folder of a ceremony, or --circuit of the artifacts');
  return folder === undefined ? verifyPublished(call) : verifyCeremony(call, folder);
}

async function verifyCeremony(call: Invocation, folder: string): Promise<Outcome> {
  const ceremony = await readCeremony(folder);
  const circuit = await compileHere(call, ceremony.head.circuit);
  const problems = await problemsOf(call, ceremony, circuit);
  const insecure = insecureBecause(ceremony.head);
  const { entries } = ceremony;
  const beacon = await beaconOf(ceremony);
  return verdict(ceremony.head.circuit, table(ceremony), { problems, insecure, entries, beacon });
}

async function verifyPublished(call: Invocation): Promise<Outcome> {
  const name = option(call, 'circuit');
  const lanes = lanesOf(name);
  // Development keys are verified like all others; that they are for development stands in the answer.
  const files = readProvingArtifacts(artifactsFolder(call), name, 'development');
  const { manifest, verifyingKeyBytes } = files;
  const circuit = await compileHere(call, name);
  const ptau = await readPhase1File(call);
  const key = decodeVerifyingKey(parseJson(verifyingKeyBytes));
  const policy = setupPolicy(manifest.insecure ? 'development' : 'binding');
  const problems = setupProblems({ lanes, manifest, key, verifyingKeyBytes }, policy);
  const stage = (title: string): void => call.progress.note(`verifying: ${title}`);
  problems.push(...(await publishedProblems(files, { ...basisHere(circuit, ptau), wasm: circuit.wasm }, stage)));
  const { contributions, beacon, insecure } = manifest;
  const rows = contributions.map((each, i) => [i + 1, each.name, each.hash]);
  const last = beacon === null ? [] : [[contributions.length + 1, 'beacon', beacon.hash]];
  const text = renderTable(['', 'name', 'contribution hash'], [...rows, ...last]);
  return verdict(name, text, { problems, insecure: insecure ? ['its manifest says so'] : [], contributions, beacon });
}

/** `urna ceremony export`: the circuit's files of a ceremony that verifies, into `<out>/<circuit>/`. @throws `file/exists`, and the codes of {@link verify} */
export async function exportArtifacts(call: Invocation): Promise<Outcome> {
  const ceremony = await readCeremony(option(call, 'folder'));
  const { circuit: name } = ceremony.head;
  const out = join(option(call, 'out'), name);
  require(!(await exists(out)), 'file/exists', `${out} exists already and is not overwritten`);
  const circuit = await compileHere(call, name);
  const problems = await problemsOf(call, ceremony, circuit);
  const insecure = insecureBecause(ceremony.head);
  if (problems.length > 0) return verdict(name, table(ceremony), { problems, insecure });
  const files = await circuitFiles(ceremony, circuit.wasm);
  for (const [file, bytes] of files) await writeFile(join(out, file), bytes);
  const use = insecure.length > 0 ? `for development only: ${insecure.join('; ')}` : 'for any election';
  return { data: { folder: out, files: [...files.keys()], insecure }, text: `${out}: written, ${use}` };
}

async function problemsOf(call: Invocation, ceremony: Ceremony, circuit: CompiledHere): Promise<string[]> {
  const ptau = await readPhase1File(call);
  const stage = (title: string): void => call.progress.note(`verifying: ${title}`);
  return ceremonyProblems(ceremony, basisHere(circuit, ptau), stage);
}

function table({ entries }: Ceremony): string {
  const rows = entries.map(({ kind, name, date, hash }, i) => [i, kind, name, date, hash]);
  const tip = entryHash(at(entries, entries.length - 1));
  return `${renderTable(['', 'step', 'name', 'day', 'hash'], rows)}\ntranscript (SHA-256): ${tip}`;
}

interface Beacon {
  readonly value: string;
  readonly iterationsLog2: number;
  readonly source: string;
}

/** The public randomness as the key carries it and the head named it. */
async function beaconOf({ head, zkey }: Ceremony): Promise<Beacon | null> {
  const last = readKeySetup(await loadCurve(), zkey).contributions.at(-1)?.beacon;
  return last === undefined ? null : { ...last, source: head.beacon.source };
}

interface Found {
  readonly problems: readonly string[];
  readonly insecure: readonly string[];
  readonly beacon?: Beacon | null;
  readonly [name: string]: unknown;
}

function verdict(circuit: string, shown: string, found: Found): Outcome {
  const { problems, insecure, beacon } = found;
  const ok = problems.length === 0;
  const lines = ok ? [`${circuit}: the setup verifies`] : problems.map((problem) => `wrong: ${problem}`);
  // No program can tell whether the value is the block's: people look it up.
  if (beacon) lines.unshift(`Compare: the beacon is ${beacon.value}, which ought to be ${beacon.source}`);
  if (ok && insecure.length > 0) lines.push(`For development only: ${insecure.join('; ')}`);
  const text = [shown, ...lines].join('\n');
  return { data: { circuit, ...found }, text, ...(ok ? {} : { exit: 1, code: 'check/setup' }) };
}
