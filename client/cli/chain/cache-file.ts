import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { decodeFollowState, rewindState } from '../../../contracts/follower/state.ts';
import { canonicalBytes, canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { readMembers } from '../../../protocol/json-members.ts';
import { exists, readBytes, writeFile } from '../../../protocol/node/files.ts';
import { isWholeSegment } from '../../../protocol/node/whole-segment.ts';
import { startHash } from '../../../protocol/record/chain-hash.ts';
import { MAX_HEAD, decodeHead, headOf, segmentName } from '../../../protocol/record/head.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';

const FORMAT = 'urna/entry-cache/2';
const FILE = 'cache.json';
const CODE = 'cache/file';
const LINE_FEED = 0x0a;
const NAMES = ['build', 'format', 'genesis', 'head', 'state'] as const;

/** What a cache is of; anything else is another cache. */
export interface CacheKey {
  readonly chainId: number;
  readonly election: Hex;
  /** Hash of the chain's first block: a development chain that was started again has the same number and addresses. */
  readonly genesis: Hex;
  /** Hash of the published build's code hashes: deployments are cut by them. */
  readonly build: string;
}

/** A followed record, as far as it is on disk, and where the follower stood. */
export interface Followed {
  readonly head: RecordHead;
  /** Its marks belong to entries that the head has; it may say that more were read, which are not there. */
  readonly state: FollowState;
}

/** Writes a cache's file into its folder, whose segments are there already. @throws `file/unwritable` */
export async function storeFollowed(folder: string, key: CacheKey, { head, state }: Followed): Promise<void> {
  const { genesis, build } = key;
  const stored = { format: FORMAT, genesis, build, head, state };
  const text = canonicalJson(stored);
  await writeFile(join(folder, FILE), `${sha256(text)}\n${text}`, { replace: true });
}

/**
 * The cache in a folder, undefined if there is none. Where the newest segments are not what the file says, because a command was killed
 * while it wrote them, it ends before them; that the others are is seen when they are read.
 *
 * @throws `cache/file`, which means: throw it away
 */
export async function loadFollowed(folder: string, key: CacheKey): Promise<Followed | undefined> {
  const path = join(folder, FILE);
  if (!(await exists(path))) return undefined;
  try {
    return await endingWhole(folder, decodeFollowed(await readBytes(path, MAX_HEAD), key));
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    throw new UrnaError(CODE, error.message);
  }
}

function decodeFollowed(bytes: Uint8Array, key: CacheKey): Followed {
  const end = bytes.indexOf(LINE_FEED);
  require(end > 0, CODE, 'it has no first line');
  const content = bytes.subarray(end + 1);
  require(Buffer.from(bytes.subarray(0, end)).toString('latin1') === sha256(content), CODE, 'it is damaged');
  const stored = readMembers(parseCanonical(content), NAMES, CODE);
  require(stored.format === FORMAT, CODE, 'it is of another version');
  const [head, state] = [decodeHead(canonicalBytes(stored.head)), decodeFollowState(stored.state)];
  const own = head.chainId === key.chainId && head.election === key.election && stored.genesis === key.genesis;
  require(own, CODE, 'it is of another election or chain');
  require(stored.build === key.build, CODE, 'it was made with another build of the contracts');
  require(state.seq >= head.entries, CODE, 'its state is of another number of entries');
  return { head, state };
}

async function endingWhole(folder: string, { head, state }: Followed): Promise<Followed> {
  const segments = [...head.segments];
  while (segments.length > 0 && !(await isLastWhole(folder, head, segments.length))) segments.pop();
  const whole = headOf(head, segments);
  const lost = state.marks.filter(({ seq }) => seq > whole.entries).length;
  require(lost < state.marks.length, CODE, 'none of its entries is whole');
  return { head: whole, state: rewindState(state, lost, 0) };
}

async function isLastWhole(folder: string, { segments, definitionHash }: RecordHead, count: number): Promise<boolean> {
  const [before, last] = [segments[count - 2]?.hash, segments[count - 1]];
  const bytes = await readFile(join(folder, segmentName(count - 1))).catch(() => undefined);
  if (bytes === undefined || last === undefined) return false;
  const start = before === undefined ? startHash(definitionHash) : decodeHex(before, 32);
  return isWholeSegment(Uint8Array.from(bytes), start, last);
}

/** SHA-256, as hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
