import { fileURLToPath } from 'node:url';
import { readProvingArtifacts, readVerifyingArtifacts } from '../../../circuits/artifacts.ts';
import type { ProvingArtifacts as InstalledArtifacts, VerifyingArtifacts } from '../../../circuits/artifacts.ts';
import type { ProvingArtifacts } from '../../../protocol/ballot/prove.ts';
import { circuitName, lanesFor } from '../../../protocol/ballot/rules.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { setupHash } from '../../../protocol/checks/setup-hash.ts';
import type { PublishedCircuit } from '../../../protocol/checks/replay/evidence.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import type { Invocation } from '../frame/invocation.ts';

type Environment = Definition['environment'];

/** What proving and verifying takes of a circuit. */
export interface Circuit extends ProvingArtifacts {
  readonly key: VerifyingKey;
}

const loaded = new Map<string, Circuit>();

/** Circuits that a definition's contests use, by number of lanes, ascending. */
export function usedLanes({ contests }: Pick<Definition, 'contests'>): number[] {
  return [...new Set(contests.map(({ options }) => lanesFor(options.length)))].sort((a, b) => a - b);
}

/** The circuit with so many lanes; every file's hash is compared with its manifest. @throws `artifacts/*` */
export function circuitFor(call: Invocation, environment: Environment, lanes: number): Circuit {
  const name = circuitName(lanes);
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const { wasm, zkey, verifyingKeyBytes } = readProvingArtifacts(artifactsFolder(call), name, environment);
  const circuit = { wasm, zkey, key: decodeVerifyingKey(parseJson(verifyingKeyBytes)) };
  loaded.set(name, circuit);
  return circuit;
}

/** Manifests and verifying keys of the circuits that a definition uses. @throws `artifacts/*` */
export function verifyingArtifacts(
  call: Invocation,
  definition: Pick<Definition, 'contests' | 'environment'>,
): VerifyingArtifacts[] {
  const read = (lanes: number): VerifyingArtifacts =>
    readVerifyingArtifacts(artifactsFolder(call), circuitName(lanes), definition.environment);
  return usedLanes(definition).map(read);
}

/** All files of the circuits that a definition uses: what deploying takes. @throws `artifacts/*` */
export function installedArtifacts(
  call: Invocation,
  definition: Pick<Definition, 'contests' | 'environment'>,
): InstalledArtifacts[] {
  const read = (lanes: number): InstalledArtifacts =>
    readProvingArtifacts(artifactsFolder(call), circuitName(lanes), definition.environment);
  return usedLanes(definition).map(read);
}

/** Manifests and verifying keys as evidence for checks. @throws `artifacts/*` */
export function publishedCircuits(
  call: Invocation,
  definition: Pick<Definition, 'contests' | 'environment'>,
): PublishedCircuit[] {
  return verifyingArtifacts(call, definition).map(({ lanes, manifestBytes, verifyingKeyBytes }) => ({
    lanes,
    manifest: manifestBytes,
    verifyingKey: verifyingKeyBytes,
  }));
}

/** What a definition must name as `setupHash` (SPEC §13). @throws `artifacts/*` */
export function installedSetupHash(call: Invocation, definition: Pick<Definition, 'contests' | 'environment'>): bigint {
  return setupHash(publishedCircuits(call, definition));
}

/** Folder of the circuit artifacts: as set, or this software's own. */
export function artifactsFolder({ settings }: Invocation): string {
  return settings.artifacts ?? fileURLToPath(new URL('../../../circuits/artifacts', import.meta.url));
}
