import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadFollowed, storeFollowed } from '../../../client/cli/chain/cache-file.ts';
import type { CacheKey } from '../../../client/cli/chain/cache-file.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { headOf, segmentName } from '../../../protocol/record/head.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';
import { newFolder } from './urna.ts';

const HASH = `0x${'5e'.repeat(32)}` as const;
const KEY: CacheKey = { chainId: 1, election: `0x${'ab'.repeat(20)}`, genesis: `0x${'01'.repeat(32)}`, build: '02' };
/** Entries, two to a block from block 100 on: two segments of 1,024 and one of 52. */
const ENTRIES = 2100;
const MARKED = [0, 500, 1000, 1020, 1040, 1049] as const;

let folder: string;
let head: RecordHead;
const state: FollowState = {
  format: 'urna/follow/1',
  chainId: KEY.chainId,
  election: KEY.election,
  next: 1150,
  seq: ENTRIES,
  marks: MARKED.map((block) => ({ block: 100 + block, hash: HASH, seq: 2 * block + 2 })),
};

beforeEach(async () => {
  folder = newFolder();
  const writer = new RecordWriter(folder, HASH);
  for (let seq = 0; seq < ENTRIES; seq++) await writer.append(canonicalBytes({ seq }));
  head = await writer.finish(KEY.chainId, KEY.election, []);
  await storeFollowed(folder, KEY, { head, state });
});

const path = (index: number): string => join(folder, segmentName(index));

/** Where the follower stands after its mark of this place in the list. */
function standing(mark: number): FollowState {
  const marks = state.marks.slice(0, mark + 1);
  const last = marks[mark];
  return { ...state, marks, next: (last?.block ?? 0) + 1, seq: last?.seq ?? 0 };
}

describe('loadFollowed', () => {
  it('gives what was stored', async () => {
    expect(await loadFollowed(folder, KEY)).toEqual({ head, state });
    expect(await loadFollowed(newFolder(), KEY)).toBeUndefined();
  });

  it.each([
    ['gone', () => rmSync(path(2))],
    ['cut', () => writeFileSync(path(2), readFileSync(path(2)).subarray(0, 40))],
    ['another', () => writeFileSync(path(2), readFileSync(path(1)))],
  ] as const)('ends before the last segment where that is %s, at the newest mark before it', async (_, damage) => {
    damage();
    const found = await loadFollowed(folder, KEY);
    expect(found).toEqual({ head: headOf(head, head.segments.slice(0, 2)), state: standing(3) });
    expect([found?.head.entries, found?.state.seq]).toEqual([2048, 2042]);
  });

  it('ends before all segments that a reorganisation was about to write again', async () => {
    for (const index of [1, 2]) rmSync(path(index));
    const found = await loadFollowed(folder, KEY);
    expect([found?.head.entries, found?.state]).toEqual([1024, standing(1)]);
  });

  it('takes a note made while the last segment was still in memory', async () => {
    await storeFollowed(folder, KEY, { head: headOf(head, head.segments.slice(0, 2)), state });
    const found = await loadFollowed(folder, KEY);
    expect([found?.head.entries, found?.state]).toEqual([2048, standing(3)]);
  });

  it('throws where nothing is left, and where the state has fewer entries than the segments', async () => {
    await storeFollowed(folder, KEY, { head, state: standing(4) });
    await expect(loadFollowed(folder, KEY)).rejects.toMatchObject({ code: 'cache/file' });
    await storeFollowed(folder, KEY, { head, state });
    for (const index of [0, 1, 2]) writeFileSync(path(index), '');
    await expect(loadFollowed(folder, KEY)).rejects.toMatchObject({ code: 'cache/file' });
  });

  it('can be gone on with: a writer cuts it back to the mark, and it is what it would have been', async () => {
    rmSync(path(2));
    const found = await loadFollowed(folder, KEY);
    const writer = await RecordWriter.reopen(folder, found?.head ?? head);
    await writer.keep(found?.state.seq ?? 0);
    for (let seq = writer.entries; seq < ENTRIES; seq++) await writer.append(canonicalBytes({ seq }));
    expect(await writer.finish(KEY.chainId, KEY.election, [])).toEqual(head);
  });
});
