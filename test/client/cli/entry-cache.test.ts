import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { storeFollowed } from '../../../client/cli/chain/cache-file.ts';
import type { Followed } from '../../../client/cli/chain/cache-file.ts';
import { foldCached } from '../../../client/cli/chain/entry-cache.ts';
import { utf8Bytes } from '../../../client/cli/frame/utf8.ts';
import type { Entries } from '../../../client/cli/record/view.ts';
import { cancel } from '../../../contracts/client/election.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';
import type { DeployedElection } from '../../contracts/deploy/development.ts';
import { PAYER, deployDevelopment } from '../../contracts/deploy/development.ts';
import { fromScratch } from '../../contracts/follower/follower.ts';
import { REASON, Story } from '../../contracts/follower/story.ts';
import { newFolder } from './urna.ts';

let chain: EmbeddedChain;
let made: DeployedElection;
let story: Story;
let folder: string;
let notes: string[];

beforeAll(async () => {
  chain = await startEmbeddedChain();
  made = await deployDevelopment(chain);
  story = new Story(chain, made);
  await story.approveAndSeal();
});
afterAll(() => chain.stop());
beforeEach(() => {
  folder = newFolder();
  notes = [];
});

async function all(entries: Entries): Promise<Entry[]> {
  const list: Entry[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}

function read({ at, builds } = made, into = folder, fold = all): Promise<Entry[]> {
  const silent = (): void => undefined;
  const progress = { start: silent, update: silent, stop: silent, note: (line: string) => void notes.push(line) };
  return foldCached({ at, builds, folder: into, progress }, fold);
}

/** The folder of the one cache. */
const cache = (): string => join(folder, readdirSync(folder)[0] ?? '');
const cacheFile = (): string => join(cache(), 'cache.json');
const segment = (): string => join(cache(), 'segments/000000.jsonl.gz');

interface Stored extends Followed {
  readonly genesis: `0x${string}`;
  readonly build: string;
}

function stored(): Stored {
  const text = readFileSync(cacheFile(), 'utf8');
  return JSON.parse(text.slice(text.indexOf('\n') + 1)) as Stored;
}

/** Changes what the cache's file says, and its checksum with it. */
function rewrite(change: (stored: Stored) => object): void {
  const before = stored();
  const text = canonicalJson({ ...before, ...change(before) });
  writeFileSync(cacheFile(), `${createHash('sha256').update(text).digest('hex')}\n${text}`);
}

const flipped = (bytes: Buffer, place: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
};

describe('foldCached', () => {
  it('gives what the chain tells, first and from the folder, and reads on from there', async () => {
    const whole = await fromScratch(made);
    expect(await read()).toEqual(whole);
    const [file, lines] = [readFileSync(cacheFile()), readFileSync(segment())];
    expect(await read()).toEqual(whole);
    expect(readFileSync(cacheFile())).toEqual(file);
    expect(readFileSync(segment())).toEqual(lines);
    expect(notes).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is really read: an entry that only the folder has comes back', async () => {
    const whole = await read();
    // Nobody can tell a lie that fits: that is why no verifier reads this folder.
    const { head, state, genesis, build } = stored();
    const writer = new RecordWriter(cache(), head.definitionHash);
    for (const entry of whole) await writer.append(utf8Bytes(encodeEntryLine({ ...entry, time: 1 })));
    const forged = await writer.finish(head.chainId, head.election, []);
    const key = { chainId: head.chainId, election: head.election, genesis, build };
    await storeFollowed(cache(), key, { head: forged, state });
    expect((await read())[0]?.time).toBe(1);
  });

  it('undoes what a reorganisation took back', async () => {
    const before = await read();
    const id = await chain.testClient.snapshot();
    await cancel(made.at, made.sender(PAYER), REASON, await story.cancelAct());
    expect((await read()).at(-1)?.kind).toBe('cancel');
    await chain.testClient.revert({ id });
    await chain.testClient.mine({ blocks: 3 });
    expect(await read()).toEqual(before);
    expect(await read()).toEqual(await fromScratch(made));
    expect(notes).toEqual([]);
  });

  it('throws away a cache that is cut, changed, of another version, chain, build or state, and reads everything', async () => {
    const whole = await read();
    const [good, lines] = [readFileSync(cacheFile()), readFileSync(segment())];
    const spoil: Readonly<Record<string, () => void>> = {
      empty: () => writeFileSync(cacheFile(), ''),
      cut: () => writeFileSync(cacheFile(), good.subarray(0, good.length - 100)),
      'one bit': () => writeFileSync(cacheFile(), flipped(good, good.length - 50)),
      'a bit of the entries': () => writeFileSync(segment(), flipped(lines, 500)),
      'entries cut': () => writeFileSync(segment(), lines.subarray(0, lines.length - 1)),
      'entries gone': () => rmSync(segment()),
      version: () => rewrite(() => ({ format: 'urna/entry-cache/1' })),
      genesis: () => rewrite(() => ({ genesis: `0x${'1'.repeat(64)}` })),
      election: () => rewrite(({ head }) => ({ head: { ...head, election: `0x${'1'.repeat(40)}` } })),
      build: () => rewrite(() => ({ build: '00' })),
      member: () => rewrite(() => ({ more: 1 })),
      'number of entries': () => rewrite(({ state }) => ({ state: { ...state, seq: whole.length - 1 } })),
    };
    for (const [what, change] of Object.entries(spoil)) {
      writeFileSync(cacheFile(), good);
      writeFileSync(segment(), lines);
      change();
      notes = [];
      expect([what, await read()]).toEqual([what, whole]);
      expect([what, notes]).toEqual([what, [expect.stringContaining('everything is read from the chain')]]);
      expect([what, readFileSync(cacheFile()).equals(good)]).toEqual([what, true]);
    }
  }, 120_000);

  it('begins again where the damage shows only while the entries are read', async () => {
    const whole = await read();
    let times = 0;
    const fold = (entries: Entries): Promise<Entry[]> => {
      times += 1;
      if (times === 1) writeFileSync(segment(), flipped(readFileSync(segment()), 500));
      return all(entries);
    };
    expect(await read(made, folder, fold)).toEqual(whole);
    expect(times).toBe(2);
    expect(notes).toEqual([expect.stringContaining('everything is read from the chain')]);
  });

  it('throws what the reader of its entries throws, once', async () => {
    let times = 0;
    const fold = (): Promise<Entry[]> => Promise.reject(new Error(`call ${++times}`));
    await read();
    await expect(read(made, folder, fold)).rejects.toThrow('call 1');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('goes on where the folder cannot be written, and says so', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(await read(made, file)).toEqual(await fromScratch(made));
    expect(notes).toEqual([expect.stringContaining('cannot be written')]);
  });

  it('is one command’s at a time; a lock that a killed command left counts for nothing', async () => {
    const whole = await read();
    const lock = `${cache()}.lock`;
    const kept = readFileSync(cacheFile());
    writeFileSync(lock, String(process.pid));
    await chain.testClient.mine({ blocks: 1 });
    expect(await read()).toEqual(whole);
    expect(notes).toEqual([expect.stringContaining('another command')]);
    expect(readFileSync(cacheFile()).equals(kept)).toBe(true);
    for (const left of [String(spawnSync('true').pid), '', 'x']) {
      notes = [];
      writeFileSync(lock, left);
      expect(await read()).toEqual(whole);
      expect([left, notes, existsSync(lock)]).toEqual([left, [], false]);
    }
    expect(await Promise.all([read(), read()])).toEqual([whole, whole]);
  });

  it('does not take a chain that was started again for the same', async () => {
    const second = await startEmbeddedChain({ timestamp: (await chain.now()) + 86_400 });
    try {
      const other = await deployDevelopment(second);
      expect(other.at.election).toBe(made.at.election);
      await read();
      expect(await read(other)).toEqual(await fromScratch(other));
      expect(notes).toEqual([expect.stringContaining('another election or chain')]);
    } finally {
      await second.stop();
    }
  });

  it('takes the place of what an earlier version left', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${made.at.connection.chainId}-${made.at.election}.jsonl`), 'of an earlier version');
    expect(await read()).toEqual(await fromScratch(made));
    expect(readdirSync(folder)).toEqual([`${made.at.connection.chainId}-${made.at.election}`]);
  });
});
