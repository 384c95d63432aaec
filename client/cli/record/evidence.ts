import { join } from 'node:path';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import type { Evidence, PublishedBytes } from '../../../protocol/checks/replay/evidence.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import { publishedCircuits } from '../ballot/artifacts.ts';
import { exists, reopenable } from '../../../protocol/node/files.ts';
import { setting } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';

/**
 * What a verifier has beside the record: the published files, whose hashes the chain names, and the build and circuits installed
 * here. A file that is not there is not an error: the check that needs it fails and says so.
 */
export async function loadEvidence(call: Invocation, definition: Definition): Promise<Evidence> {
  const folder = setting(call, 'public');
  const credentials: PublishedBytes[] = [];
  for (const { id } of definition.districts) {
    const path = join(folder, 'credentials', `${id}.json`);
    credentials.push((await exists(path)) ? reopenable(path) : new Uint8Array());
  }
  const registrations: PublishedBytes[] = [];
  const reasons: (PublishedBytes | undefined)[] = [];
  for (let version = 1; await exists(join(folder, `registrations-${version}.jsonl`)); version++) {
    registrations.push(reopenable(join(folder, `registrations-${version}.jsonl`)));
    const reason = join(folder, `reasons-${version}.json`);
    reasons.push((await exists(reason)) ? reopenable(reason) : undefined);
  }
  return {
    definition: encodeDefinition(definition),
    credentials,
    registrations,
    reasons,
    circuits: publishedCircuits(call, definition),
    build: publishedBuilds(),
  };
}
