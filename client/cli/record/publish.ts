import { join } from 'node:path';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { PublishedFile } from '../../../protocol/record/published-names.ts';
import { publishedCircuits } from '../ballot/artifacts.ts';
import { exists } from '../../../protocol/node/files.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { RecordWriter } from '../../../protocol/node/record-writer.ts';

/**
 * Puts the published files (SPEC §14.5) into a record: definition, build and circuits of those at hand, lists, registrations and reasons
 * of `--public` as far as they are there.
 *
 * @param known - files that the record has already; what is not published anew stays
 */
export async function publishFiles(
  call: Invocation,
  definition: Definition,
  writer: RecordWriter,
  known: readonly PublishedFile[],
): Promise<PublishedFile[]> {
  const files = new Map(known.map((file) => [file.name, file]));
  const add = (file: PublishedFile): unknown => files.set(file.name, file);
  add(await writer.publish('election.json', encodeDefinition(definition)));
  const build = Object.entries(publishedBuilds()).map(([name, { codeBytes, codeHash }]) => [
    name,
    { codeBytes, codeHash },
  ]);
  add(await writer.publish('build.json', canonicalBytes(Object.fromEntries(build))));
  for (const { lanes, verifyingKey, manifest } of publishedCircuits(call, definition)) {
    add(await writer.publish(`circuits/${circuitName(lanes)}/vkey.json`, verifyingKey));
    add(await writer.publish(`circuits/${circuitName(lanes)}/manifest.json`, manifest));
  }
  const folder = call.settings.public;
  if (folder === undefined) return [...files.values()];
  for (const name of await publicNames(folder, definition)) add(await writer.copy(name, join(folder, name)));
  return [...files.values()];
}

/** Names of the lists, registrations and reasons that a public folder holds. */
async function publicNames(folder: string, { districts }: Definition): Promise<string[]> {
  const names: string[] = [];
  const addIfThere = async (name: string): Promise<boolean> => {
    const there = await exists(join(folder, name));
    if (there) names.push(name);
    return there;
  };
  for (const { id } of districts) await addIfThere(`credentials/${id}.json`);
  for (let version = 1; await addIfThere(`registrations-${version}.jsonl`); version++) {
    await addIfThere(`reasons-${version}.json`);
  }
  return names;
}
