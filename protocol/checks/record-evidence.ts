import { circuitName } from '../ballot/rules.ts';
import { decodeDefinition } from '../definition/decode.ts';
import type { Definition } from '../definition/definition.ts';
import { UrnaError } from '../errors.ts';
import type { RecordFiles } from '../record/files.ts';
import { readPublished, streamPublished } from '../record/files.ts';
import type { RecordHead } from '../record/head.ts';
import { SEALS_FILE } from '../seals/seals-file.ts';
import type { Evidence, PublishedBytes, PublishedCircuit } from './replay/evidence.ts';

/** Lanes of the circuits that a record may hold. */
const LANES = [1, 4, 8] as const;

/**
 * The evidence that a record holds in its published files (SPEC §14.5, §15.1). A file that it lacks is left out: the check that needs
 * it fails.
 *
 * @param build - the published build, of the verifier's own: never the record's
 * @throws `record/*` for a file that is not what the head says
 */
export async function recordEvidence(
  files: RecordFiles,
  head: RecordHead,
  build: Evidence['build'],
): Promise<Evidence> {
  const read = (name: string): Promise<Uint8Array | undefined> => readPublished(files, head, name);
  const definition = (await read('election.json')) ?? new Uint8Array();
  // What a city has much of is opened when it is needed. That it is what the head says is seen each time.
  const opener = (name: string): PublishedBytes | undefined => {
    const file = head.files.find((each) => each.name === name);
    return file === undefined ? undefined : () => streamPublished(files, file);
  };
  const credentials = districtIds(definition).map((id) => opener(`credentials/${id}.json`) ?? new Uint8Array());
  const registrations: PublishedBytes[] = [];
  const reasons: (PublishedBytes | undefined)[] = [];
  for (let version = 1; ; version++) {
    const file = opener(`registrations-${version}.jsonl`);
    if (file === undefined) break;
    registrations.push(file);
    reasons.push(opener(`reasons-${version}.json`));
  }
  const circuits: PublishedCircuit[] = [];
  for (const lanes of LANES) {
    const [verifyingKey, manifest] = [
      await read(`circuits/${circuitName(lanes)}/vkey.json`),
      await read(`circuits/${circuitName(lanes)}/manifest.json`),
    ];
    if (verifyingKey !== undefined && manifest !== undefined) circuits.push({ lanes, verifyingKey, manifest });
  }
  const seals = await read(SEALS_FILE);
  return { definition, credentials, registrations, reasons, circuits, build, seals };
}

function districtIds(definition: Uint8Array): string[] {
  try {
    return decodeDefinition(definition).districts.map(({ id }: Definition['districts'][number]) => id);
  } catch (error) {
    if (error instanceof UrnaError) return []; // every check says so
    throw error;
  }
}
