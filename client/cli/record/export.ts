import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { decodeFollowState } from '../../../contracts/follower/state.ts';
import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import { readHead } from '../../../protocol/record/files.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { SEALS_FILE, encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { openElection } from '../chain/open.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { exists } from '../../../protocol/node/files.ts';
import { flag, option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { utf8Bytes } from '../frame/utf8.ts';
import { requireSameElection } from './defined.ts';
import { requireExtension } from './diff.ts';
import { folderFiles, folderOf } from '../../../protocol/node/record-folder.ts';
import { publishFiles } from './publish.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';

/** Where the exporter stands on the chain; beside the record, and no part of it (SPEC §14.7). */
const NOTES = 'follow.json';

/** An export on its way, in a folder of its own until it is complete. */
interface Draft {
  readonly folder: string;
  readonly writer: RecordWriter;
  readonly state: FollowState | undefined;
  /** The record that it must extend. */
  readonly older: RecordHead | undefined;
}

/**
 * `urna record export`: what the chain tells of an election up to its confirmed head, with the published files (SPEC §14). Written aside
 * and then moved into place; with `--extend` the record that is there already must be its beginning.
 *
 * @throws `file/exists`, `record/fork`, `record/*`, `follow/*`, `chain/*`
 */
export async function exportRecord(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const at = await openElection(call, election);
  const out = folderOf(option(call, 'out'));
  await putBack(out);
  const folder = `${out}.${encodeHex(randomBytes(6)).slice(2)}.tmp`;
  try {
    const draft = flag(call, 'extend')
      ? await extended(call, out, folder, election)
      : await fresh(out, folder, election);
    const notes = await followInto(call, draft, follow(at, { builds: publishedBuilds(), ...resumed(draft) }));
    const seals = await readSeals(at, election.definition, notes);
    const known = (draft.older?.files ?? []).filter(({ name }) => name !== SEALS_FILE);
    const files = await publishFiles(call, election.definition, draft.writer, known);
    if (seals !== undefined) files.push(await draft.writer.publish(SEALS_FILE, encodeSeals(seals)));
    const { chainId, election: address } = election.context;
    const head = await draft.writer.finish(chainId, address, files);
    if (notes !== undefined) await writeFile(join(folder, NOTES), canonicalJson(notes));
    if (draft.older !== undefined) await requireExtension(folderFiles(out), folderFiles(folder));
    await moveInto(folder, out);
    const { entries, hash } = head;
    const text = `${entries} entries in ${head.segments.length} segments written to ${out}, hash ${hash}`;
    return { data: { file: join(out, 'record.json'), entries, hash, files: files.map(({ name }) => name) }, text };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fresh(out: string, folder: string, { context }: LoadedElection): Promise<Draft> {
  require(!(await exists(
    out,
  )), 'file/exists', `${out} exists already: give --extend to go on with it, or another name`);
  return { folder, writer: new RecordWriter(folder, context.definitionHash), state: undefined, older: undefined };
}

async function extended(call: Invocation, out: string, folder: string, { context }: LoadedElection): Promise<Draft> {
  const older = await readHead(folderFiles(out));
  requireSameElection(older, context);
  await cp(out, folder, { recursive: true });
  const state = await readNotes(join(folder, NOTES));
  if (state?.seq === older.entries) {
    return { folder, writer: await RecordWriter.resume(folder, older), state, older };
  }
  call.progress.note('the record does not say where it ends on the chain: reading it from the beginning');
  return { folder, writer: new RecordWriter(folder, context.definitionHash), state: undefined, older };
}

async function readNotes(path: string): Promise<FollowState | undefined> {
  try {
    return decodeFollowState(parseCanonical(await readFile(path)));
  } catch (error) {
    if (error instanceof UrnaError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function resumed({ state }: Draft): { readonly state?: FollowState } {
  return state === undefined ? {} : { state };
}

/** Writes what the chain tells into a record. @returns where the follower stands then */
export async function followInto(
  { progress }: Pick<Invocation, 'progress'>,
  { writer, state }: Pick<Draft, 'writer' | 'state'>,
  steps: ReturnType<typeof follow>,
): Promise<FollowState | undefined> {
  let last = state;
  progress.start('reading the chain', 0);
  try {
    for await (const { keep, entries, state: reached } of steps) {
      await writer.keep(keep);
      for (const entry of entries) await writer.append(utf8Bytes(encodeEntryLine(entry)));
      last = reached;
      progress.update(writer.entries);
    }
  } finally {
    progress.stop();
  }
  return last;
}

/** Where a record is put aside while a new one takes its place. */
function asideOf(out: string): string {
  return `${out}.urna-old`;
}

/** The new folder takes the old one's place, which is put aside first: at no time is there half a record, and {@link putBack} knows it again. */
export async function moveInto(folder: string, out: string): Promise<void> {
  const aside = asideOf(out);
  const replaced = await exists(out);
  if (replaced) {
    await rm(aside, { recursive: true, force: true });
    await rename(out, aside);
  }
  await rename(folder, out);
  if (replaced) await rm(aside, { recursive: true });
}

/** Puts a record back that was put aside by a command which was killed before the new one was in its place. */
export async function putBack(out: string): Promise<void> {
  if (!(await exists(out)) && (await exists(asideOf(out)))) await rename(asideOf(out), out);
}
