import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpRequestError, RpcRequestError } from 'viem';
import type { Connection } from '../../../contracts/client/connection.ts';
import { cancel } from '../../../contracts/client/election.ts';
import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import type { DeployedElection } from '../deploy/development.ts';
import { PAYER, deployDevelopment } from '../deploy/development.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { fromScratch, kindsOf } from './follower.ts';
import { REASON, Story } from './story.ts';

type Rpc = Connection['rpc'];

let chain: EmbeddedChain;
let made: DeployedElection;
let story: Story;
beforeAll(async () => {
  chain = await startTestChain();
  made = await deployDevelopment(chain);
  story = new Story(chain, made);
});
afterAll(() => chain.stop());

/** The election behind a node that answers some questions in its own way. */
function behind(change: (rpc: Rpc) => Partial<Rpc>, logRange?: number): DeployedElection {
  const { at } = made;
  const { rpc, profile } = at.connection;
  const connection = {
    ...at.connection,
    rpc: { ...rpc, ...change(rpc) } as Rpc,
    profile: { ...profile, logRange: logRange ?? profile.logRange },
  };
  return { ...made, at: { ...at, connection } };
}

async function read({ at, builds }: DeployedElection): Promise<Entry[]> {
  let entries: Entry[] = [];
  for await (const step of follow(at, { builds })) entries = [...entries.slice(0, step.keep), ...step.entries];
  return entries;
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'no error',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

describe('follow, behind a node with faults', () => {
  it('tells no entry of a chain that is given up between two answers', async () => {
    const id = await chain.testClient.snapshot();
    await story.approveAndSeal();
    let asked = 0;
    const node = behind((rpc) => ({
      getLogs: (async (...args: Parameters<Rpc['getLogs']>) => {
        const logs = await rpc.getLogs(...args);
        // The first question is for the definition, the second for the record.
        if (++asked === 2) {
          expect(logs.length).toBeGreaterThan(2);
          await chain.testClient.revert({ id });
          await chain.testClient.mine({ blocks: 4 });
        }
        return logs;
      }) as Rpc['getLogs'],
    }));
    expect(kindsOf(await read(node)).at(-1)).toBe('defined');
    expect(asked).toBeGreaterThan(2);
  });

  it('asks for smaller ranges where the node refuses large ones', async () => {
    const sizes: number[] = [];
    const node = behind((rpc) => ({
      getLogs: (async (args: { fromBlock: bigint; toBlock: bigint }) => {
        const size = Number(args.toBlock - args.fromBlock) + 1;
        const refusal = { code: -32005, message: 'query returned more than 10000 results' };
        if (sizes.push(size) > 1 && size > 3) throw new RpcRequestError({ body: {}, error: refusal, url: '' });
        return rpc.getLogs(args as never);
      }) as unknown as Rpc['getLogs'],
    }));
    expect(await read(node)).toEqual(await fromScratch(made));
    expect(sizes.filter((size) => size > 3).length).toBeGreaterThan(1);
  });

  it('gives up on a node that refuses every range', async () => {
    let asked = 0;
    const refusal = { code: -32000, message: 'no' };
    const node = behind((rpc) => ({
      getLogs: (async (args: never) => {
        if (++asked > 1) throw new RpcRequestError({ body: {}, error: refusal, url: '' });
        return rpc.getLogs(args);
      }) as unknown as Rpc['getLogs'],
    }));
    expect(await codeOf(read(node))).toBe('chain/node');
  });

  it('refuses logs that it did not ask for', async () => {
    const node = behind((rpc) => ({
      getLogs: (async (args: never) => {
        const logs = await rpc.getLogs(args);
        return logs.map((log) => ({ ...log, blockNumber: 10n ** 6n }));
      }) as unknown as Rpc['getLogs'],
    }));
    expect(await codeOf(read(node))).toBe('chain/node');
  });

  it('refuses events that the published contracts do not emit', async () => {
    const { election } = made.deployment;
    const node = behind((rpc) => ({
      getLogs: (async (args: never) => {
        const logs = await rpc.getLogs(args);
        return logs.map((log) => (log.address === election ? { ...log, topics: [`0x${'12'.repeat(32)}`] } : log));
      }) as unknown as Rpc['getLogs'],
    }));
    expect(await codeOf(read(node))).toBe('follow/foreign-contract');
  });

  it('says so if the deployments are not where it was told to look', async () => {
    const head = Number(await made.at.connection.rpc.getBlockNumber());
    const run = follow(made.at, { builds: made.builds, fromBlock: head + 1 }).next();
    expect(await codeOf(run)).toBe('follow/deployment');
  });

  it('loses nothing if the node falls silent in the middle', async () => {
    await story.approveAndSeal();
    const whole = await fromScratch(made);
    let answers = 12;
    const node = behind(
      (rpc) => ({
        getBlock: (async (args: never) => {
          if (answers-- <= 0) throw new HttpRequestError({ url: '' });
          return rpc.getBlock(args);
        }) as unknown as Rpc['getBlock'],
      }),
      3,
    );
    let entries: Entry[] = [];
    let last: FollowStep | undefined;
    let silences = 0;
    for (let tries = 0; tries < 100; tries++) {
      answers = 24;
      try {
        const state = last === undefined ? {} : { state: last.state };
        for await (const step of follow(node.at, { builds: node.builds, ...state })) {
          entries = [...entries.slice(0, step.keep), ...step.entries];
          last = step;
        }
        break;
      } catch (error) {
        expect((error as { code?: string }).code).toBe('chain/unreachable');
        silences++;
      }
    }
    expect(silences).toBeGreaterThan(0);
    expect(entries).toEqual(whole);
  });
});

describe('follow, until it is told to stop', () => {
  it('tells what happens while it follows', async () => {
    const stop = new AbortController();
    const before = (await fromScratch(made)).length;
    const seen: Entry[] = [];
    const { at, builds } = made;
    const running = (async () => {
      for await (const step of follow(at, { builds, until: stop.signal })) {
        seen.splice(step.keep);
        seen.push(...step.entries);
        if (seen.at(-1)?.kind === 'cancel') stop.abort();
      }
    })();
    await cancel(at, made.sender(PAYER), REASON, await story.cancelAct());
    await running;
    expect(seen.length).toBe(before + 1);
    expect(seen).toEqual(await fromScratch(made));
  });
});
