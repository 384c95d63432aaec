import { circuitName } from '../../protocol/ballot/rules.ts';
import { canonicalBytes } from '../../protocol/canonical-json.ts';
import type { HeldEvidence } from '../protocol/checks/world/world.ts';
import { decodeDefinition } from '../../protocol/definition/decode.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { encodeText } from '../../protocol/encoding.ts';
import { UrnaError } from '../../protocol/errors.ts';
import type { RecordHead } from '../../protocol/record/head.ts';
import { SEALS_FILE } from '../../protocol/seals/seals-file.ts';
import { RecordWriter } from '../../protocol/node/record-writer.ts';

/** What a forger's record is of, where its entries do not say. */
const NOWHERE: Hex = `0x${'00'.repeat(20)}`;

interface Defined {
  readonly chainId: number;
  readonly election: Hex;
  readonly definitionHash: Hex;
}

/** Published files of an election by name (SPEC §14.5), the build among them. */
export function publishedFiles(evidence: HeldEvidence): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([
    ['election.json', evidence.definition],
    ['build.json', canonicalBytes(evidence.build)],
  ]);
  const ids = districtIds(evidence.definition);
  evidence.credentials.forEach((list, i) => files.set(`credentials/${ids[i] ?? `district-${i}`}.json`, list));
  evidence.registrations.forEach((file, i) => files.set(`registrations-${i + 1}.jsonl`, file));
  evidence.reasons.forEach((file, i) => file !== undefined && files.set(`reasons-${i + 1}.json`, file));
  for (const { lanes, verifyingKey, manifest } of evidence.circuits) {
    files.set(`circuits/${circuitName(lanes)}/vkey.json`, verifyingKey);
    files.set(`circuits/${circuitName(lanes)}/manifest.json`, manifest);
  }
  if (evidence.seals !== undefined) files.set(SEALS_FILE, evidence.seals);
  return files;
}

function districtIds(definition: Uint8Array): readonly string[] {
  try {
    return decodeDefinition(definition).districts.map(({ id }) => id);
  } catch (error) {
    if (error instanceof UrnaError) return [];
    throw error;
  }
}

/** Writes entries, whatever they hold, and files as a record that is whole: hash chain, segments and head are right. */
export async function writeRecord(
  folder: string,
  entries: readonly unknown[],
  evidence: HeldEvidence,
): Promise<RecordHead> {
  const defined = entries.find((each) => (each as { kind?: unknown }).kind === 'defined') as
    { readonly data: Defined } | undefined;
  const { chainId, election, definitionHash } = defined?.data ?? {
    chainId: 0,
    election: NOWHERE,
    definitionHash: `0x${'00'.repeat(32)}` as const,
  };
  const writer = new RecordWriter(folder, definitionHash);
  for (const entry of entries) await writer.append(encodeText(lineOf(entry)));
  const files = [];
  for (const [name, content] of publishedFiles(evidence)) files.push(await writer.publish(name, content));
  return writer.finish(chainId, election, files);
}

function lineOf(entry: unknown): string {
  return new TextDecoder().decode(canonicalBytes(entry));
}
