import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import type { PublishedBuilds } from '../../../contracts/deploy/builds.ts';
import { publishedCodeHashes } from '../../../contracts/deploy/builds.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import { blockHash } from '../../../contracts/follower/source.ts';
import { decodeFollowState } from '../../../contracts/follower/state.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, at as item, require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { decodeRecord, encodeRecord } from '../../../protocol/record/lines.ts';
import { exists, readBytes, writeFile } from '../../../protocol/node/files.ts';

const FORMAT = 'urna/entry-cache/1';
const CODE = 'cache/file';
/** 1 GiB: what does not fit is read from the chain. */
const MAX_BYTES = 2 ** 30;
const LINE_FEED = 0x0a;

/** A followed record, as far as it was read, and where the follower stood. */
interface Followed {
  readonly entries: readonly Entry[];
  readonly state: FollowState;
}

/** What a cache is of; anything else is another cache. */
interface CacheKey {
  readonly chainId: number;
  readonly election: Hex;
  /** Hash of the chain's first block: a development chain that was started again has the same number and addresses. */
  readonly genesis: Hex;
  /** Hash of the published build's code hashes: deployments are cut by them. */
  readonly build: string;
}

/**
 * Every entry up to the confirmed head, as `collectEntries` reads them, but going on from a file in `folder` where an earlier command
 * stopped. The file is disposable: what is cut, foreign, of another version or contradicts itself is thrown away and made again, and blocks
 * that the chain has given up are undone by the follower's marks. It is no evidence: a node that lied once goes on lying from it, so
 * that verifiers and exports never read it.
 *
 * @param note - told why a cache was thrown away or could not be written
 * @throws `follow/*`, `chain/*`
 */
export async function followCached(
  at: ElectionAt,
  builds: PublishedBuilds,
  folder: string,
  note: (line: string) => void,
): Promise<readonly Entry[]> {
  const key = await keyOf(at, builds);
  const path = join(folder, `${key.chainId}-${key.election}.jsonl`);
  const found = await load(path, key).catch((error: unknown) => discard(error, note));
  const followed = await goOn(at, builds, found).catch((error: unknown) => {
    if (found === undefined || !isDoubtful(error)) throw error;
    discard(error, note);
    return goOn(at, builds, undefined);
  });
  if (followed.state.next !== found?.state.next || followed.entries.length !== found.entries.length) {
    await store(path, key, followed).catch((error: unknown) => {
      if (!(error instanceof UrnaError)) throw error;
      note(`  the cache was not written: ${error.message}`);
    });
  }
  return followed.entries;
}

async function keyOf({ connection, election }: ElectionAt, builds: PublishedBuilds): Promise<CacheKey> {
  const genesis = await blockHash(connection, 0);
  if (genesis === undefined) throw new UrnaError('chain/no-block', 'the chain’s node has no first block');
  const build = sha256(canonicalJson({ ...publishedCodeHashes(builds) }));
  return { chainId: connection.chainId, election, genesis, build };
}

async function goOn(at: ElectionAt, builds: PublishedBuilds, found: Followed | undefined): Promise<Followed> {
  const entries = [...(found?.entries ?? [])];
  let state = found?.state;
  for await (const step of follow(at, { builds, ...(state === undefined ? {} : { state }) })) {
    entries.length = step.keep;
    for (const entry of step.entries) entries.push(entry);
    state = step.state;
  }
  if (state === undefined) throw new UrnaError('follow/deployment', 'the chain has no block of this election yet');
  return { entries, state };
}

/** What a wrong cache can cause; an unreachable node is no reason to throw one away. */
function isDoubtful(error: unknown): boolean {
  return error instanceof UrnaError && /^(?:follow|record)\//u.test(error.code) && error.code !== 'follow/moved';
}

function discard(error: unknown, note: (line: string) => void): undefined {
  if (!(error instanceof UrnaError)) throw error;
  note(`  the cache is not used, everything is read from the chain: ${error.message}`);
}

async function store(path: string, key: CacheKey, { entries, state }: Followed): Promise<void> {
  const lines = [...encodeRecord(entries)].join('');
  const head = canonicalJson({
    format: FORMAT,
    ...key,
    state: { ...state, marks: [...state.marks] },
    hash: sha256(lines),
  });
  await writeFile(path, `${head}\n${lines}`, { replace: true });
}

const NAMES = ['build', 'chainId', 'election', 'format', 'genesis', 'hash', 'state'] as const;

/** The cache at `path`, undefined if there is none. @throws `cache/file` and the codes of decoding, all of which mean: throw it away */
async function load(path: string, key: CacheKey): Promise<Followed | undefined> {
  if (!(await exists(path))) return undefined;
  const bytes = await readBytes(path, MAX_BYTES);
  const end = bytes.indexOf(LINE_FEED);
  require(end > 0, CODE, 'it has no first line');
  const head = readMembers(parseCanonical(bytes.subarray(0, end)), NAMES, CODE);
  require(head.format === FORMAT, CODE, 'it is of another version');
  const own = readIndex(head.chainId, CODE) === key.chainId && head.election === key.election;
  require(own && head.genesis === key.genesis, CODE, 'it is of another election or chain');
  require(head.build === key.build, CODE, 'it was made with another build of the contracts');
  const lines = bytes.subarray(end + 1);
  require(head.hash === sha256(lines), CODE, 'it is damaged');
  const entries: Entry[] = [];
  for await (const entry of decodeRecord([lines])) entries.push(entry);
  const state = decodeFollowState(head.state);
  requireBelonging(state, entries);
  return { entries, state };
}

/** The state must be that of these entries: every mark lies between the entries up to it and those after it. */
function requireBelonging({ seq, next, marks }: FollowState, entries: readonly Entry[]): void {
  require(seq === entries.length, CODE, 'its state is of another number of entries');
  for (const mark of [...marks, { block: next - 1, seq }]) {
    const before = mark.seq === 0 || item(entries, mark.seq - 1).block <= mark.block;
    const after = mark.seq === entries.length || item(entries, mark.seq).block > mark.block;
    require(before && after, CODE, 'its state does not belong to its entries');
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
