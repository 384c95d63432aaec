import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { followCached } from '../../../client/cli/chain/entry-cache.ts';
import { cancel } from '../../../contracts/client/election.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
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

const read = (election = made, into = folder): Promise<readonly Entry[]> =>
  followCached(election.at, election.builds, into, (line) => notes.push(line));

function cacheFile(): string {
  return join(folder, readdirSync(folder)[0] ?? '');
}

/** Changes the cache's first line; what follows stays. */
function rewrite(change: (head: Record<string, unknown>) => object): void {
  const text = readFileSync(cacheFile(), 'utf8');
  const end = text.indexOf('\n');
  const head = JSON.parse(text.slice(0, end)) as Record<string, unknown>;
  writeFileSync(cacheFile(), `${canonicalJson({ ...head, ...change(head) } as never)}${text.slice(end)}`);
}

describe('followCached', () => {
  it('gives what the chain tells, first and from the file, and reads on from there', async () => {
    const whole = await fromScratch(made);
    expect(await read()).toEqual(whole);
    const stored = readFileSync(cacheFile());
    expect(await read()).toEqual(whole);
    expect(readFileSync(cacheFile())).toEqual(stored);
    expect(notes).toEqual([]);
  });

  it('is really read: an entry that only the file has comes back', async () => {
    const whole = await read();
    // Nobody can tell a lie that fits: that is why no verifier reads this file.
    const { createHash } = await import('node:crypto');
    const text = readFileSync(cacheFile(), 'utf8');
    const lines = text.slice(text.indexOf('\n') + 1).replaceAll(`"time":${whole[0]?.time}`, '"time":1');
    writeFileSync(cacheFile(), `${text.slice(0, text.indexOf('\n') + 1)}${lines}`);
    rewrite(() => ({ hash: createHash('sha256').update(lines).digest('hex') }));
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

  it('throws away a file that is cut, changed, of another version, chain, build or state, and reads everything', async () => {
    const whole = await read();
    const good = readFileSync(cacheFile());
    const spoil: Readonly<Record<string, () => void>> = {
      empty: () => writeFileSync(cacheFile(), ''),
      cut: () => writeFileSync(cacheFile(), good.subarray(0, good.length - 100)),
      'one bit': () =>
        writeFileSync(
          cacheFile(),
          good.map((byte, i) => (i === good.length - 50 ? byte ^ 1 : byte)),
        ),
      version: () => rewrite(() => ({ format: 'urna/entry-cache/0' })),
      genesis: () => rewrite(() => ({ genesis: `0x${'1'.repeat(64)}` })),
      election: () => rewrite(() => ({ election: `0x${'1'.repeat(40)}` })),
      build: () => rewrite(() => ({ build: '00' })),
      member: () => rewrite(() => ({ more: 1 })),
      'number of entries': () => rewrite(({ state }) => ({ state: { ...(state as object), seq: whole.length - 1 } })),
      marks: () =>
        rewrite(({ state }) => {
          const { marks } = state as { marks: { block: number; seq: number }[] };
          const shifted = marks.map((mark, i) => (i === 0 ? { ...mark, seq: mark.seq + 1 } : mark));
          return { state: { ...(state as object), marks: shifted } };
        }),
    };
    for (const [what, change] of Object.entries(spoil)) {
      writeFileSync(cacheFile(), good);
      change();
      notes = [];
      expect([what, await read()]).toEqual([what, whole]);
      expect([what, notes.length]).toEqual([what, 1]);
      expect([what, readFileSync(cacheFile()).equals(good)]).toEqual([what, true]);
    }
  }, 120_000);

  it('goes on where the file cannot be written, and says so', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(await read(made, file)).toEqual(await fromScratch(made));
    expect(notes).toEqual([expect.stringContaining('not written')]);
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
});
