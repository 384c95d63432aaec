import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readStatus } from '../../../contracts/client/election.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import type { PublishedBuilds } from '../../../contracts/deploy/builds.ts';
import { publishedCodeHashes } from '../../../contracts/deploy/builds.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { blockHash } from '../../../contracts/follower/source.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { headOf } from '../../../protocol/record/head.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { readEntries } from '../../../protocol/record/read-record.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';
import type { Progress } from '../frame/progress.ts';
import { utf8Bytes } from '../frame/utf8.ts';
import { blameNode, withChainRecord } from '../record/chain-record.ts';
import type { Entries } from '../record/view.ts';
import { loadFollowed, sha256, storeFollowed } from './cache-file.ts';
import type { CacheKey, Followed } from './cache-file.ts';
import { lockFolder } from './folder-lock.ts';

/** An election that is followed into a cache. */
export interface CachedElection {
  readonly at: ElectionAt;
  readonly builds: PublishedBuilds;
  /** Where caches are. */
  readonly folder: string;
  /** Is told why a cache was thrown away or cannot be used. */
  readonly progress: Progress;
}

/** A cache in its own folder, which this process has locked. */
interface Place {
  readonly path: string;
  readonly key: CacheKey;
}

/** Segments that are written between two notes of where the follower stands: what a killed command loses at most. */
const SEGMENTS_A_NOTE = 16;

/**
 * What `fold` makes of every entry up to the confirmed head, going on from where an earlier command stopped. The cache is a record in
 * segments that is appended to, so that one segment is in memory at a time. It is disposable: what is foreign, damaged, of another
 * version or contradicts itself is thrown away and made again, and blocks that the chain has given up are undone by the follower's marks.
 * It is no evidence: a node that lied once goes on lying from it, so that verifiers and exports never read it.
 *
 * @param fold - may be called a second time, from the first entry on: the cache may turn out to be damaged while it is read
 * @throws `follow/*`, `chain/*`
 */
export async function foldCached<T>(election: CachedElection, fold: (entries: Entries) => Promise<T>): Promise<T> {
  const { at, folder, progress } = election;
  const path = join(folder, `${at.connection.chainId}-${at.election}`);
  let unlock: Awaited<ReturnType<typeof lockFolder>>;
  try {
    unlock = await lockFolder(path);
    if (unlock === undefined)
      progress.note(`  the cache is not used: another command has it, or left ${path}.lock behind`);
    else return await foldLocked(election, { path, key: await keyOf(election) }, fold);
  } catch (error) {
    if (!(error instanceof UrnaError) || !error.code.startsWith('file/')) throw error;
    progress.note(`  the cache cannot be written: ${error.message}`);
  } finally {
    await unlock?.();
  }
  return withChainRecord(election, at, (files, head) => fold(readEntries(files, head)));
}

async function keyOf({ at: { connection, election }, builds }: CachedElection): Promise<CacheKey> {
  const genesis = await blockHash(connection, 0);
  if (genesis === undefined) throw new UrnaError('chain/no-block', 'the chain’s node has no first block');
  const build = sha256(canonicalJson({ ...publishedCodeHashes(builds) }));
  return { chainId: connection.chainId, election, genesis, build };
}

async function foldLocked<T>(
  election: CachedElection,
  place: Place,
  fold: (entries: Entries) => Promise<T>,
): Promise<T> {
  try {
    const found = await loadFollowed(place.path, place.key);
    if (found !== undefined) return await fold(ownEntries(place, await catchUp(election, place, found)));
  } catch (error) {
    if (!isDoubtful(error)) throw error;
    election.progress.note(`  the cache is not used, everything is read from the chain: ${error.message}`);
  }
  // Until version 2 a cache was a file.
  for (const old of [place.path, `${place.path}.jsonl`]) await rm(old, { recursive: true, force: true });
  const { definitionHash } = await readStatus(election.at);
  const { chainId, election: address } = place.key;
  const empty = headOf({ version: 1, chainId, election: address, definitionHash }, []);
  const { head } = await catchUp(election, place, { head: empty, state: undefined });
  return fold(readEntries(folderFiles(place.path), head)).catch(blameNode);
}

/** What a wrong cache can cause; an unreachable node is no reason to throw one away. */
function isDoubtful(error: unknown): error is UrnaError {
  if (!(error instanceof UrnaError) || error.code === 'follow/moved') return false;
  return error.code.startsWith('follow/') || ['cache/file', 'record/gzip'].includes(error.code);
}

/** Reads the chain on from where the cache ends, and appends what it tells. */
async function catchUp(
  { at, builds, progress }: CachedElection,
  place: Place,
  { head, state: before }: { readonly head: RecordHead; readonly state: FollowState | undefined },
): Promise<Followed> {
  let [state, noted] = [before, head.segments.length];
  let writer: RecordWriter | undefined;
  const open = async (): Promise<RecordWriter> => (writer ??= await RecordWriter.reopen(place.path, head));
  if (before !== undefined && before.seq !== head.entries) await (await open()).keep(before.seq);
  progress.start('reading the chain', 0);
  try {
    for await (const step of follow(at, { builds, ...(state === undefined ? {} : { state }) })) {
      if (step.keep !== (writer?.entries ?? head.entries) || step.entries.length > 0) await append(await open(), step);
      state = step.state;
      progress.update(state.seq);
      const segments = writer?.segments ?? head.segments;
      if (Math.abs(segments.length - noted) < SEGMENTS_A_NOTE) continue;
      await storeFollowed(place.path, place.key, { head: headOf(head, segments), state });
      noted = segments.length;
    }
  } finally {
    progress.stop();
  }
  if (state === undefined) throw new UrnaError('follow/deployment', 'the chain has no block of this election yet');
  const { chainId, election } = place.key;
  const reached = { head: (await writer?.finish(chainId, election, [])) ?? head, state };
  if (writer !== undefined || state.next !== before?.next) await storeFollowed(place.path, place.key, reached);
  return reached;
}

async function append(writer: RecordWriter, { keep, entries }: FollowStep): Promise<void> {
  await writer.keep(keep);
  for (const entry of entries) await writer.append(utf8Bytes(encodeEntryLine(entry)));
}

/** The entries of the cache. What is wrong with them is wrong with the cache. @throws `cache/file` */
async function* ownEntries({ path }: Place, { head }: Followed): AsyncGenerator<Entry> {
  try {
    yield* readEntries(folderFiles(path), head);
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    throw new UrnaError('cache/file', error.message);
  }
}
