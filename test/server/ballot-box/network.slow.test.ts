import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Hex } from '../../../protocol/encoding.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import { at } from '../../../protocol/errors.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { hasKind } from '../../../protocol/record/entry.ts';
import { showSlot, slotChanges } from '../../../server/public/store/slots.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { trapdoorCircuit } from '../../contracts/follower/voters.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { startCliqueChain } from '../../contracts/network/clique-chain.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { prepareWorld } from '../world.ts';
import type { Promised, Receipt } from './load.ts';
import { countsOnce, fateOf, missing, receiptFor } from './load.ts';
import { until } from './posting-box.ts';
import type { BoxProcess, Line } from './processes.ts';
import { boxProcess, lineTo } from './processes.ts';
import { urna } from '../../client/cli/urna.ts';
import { writeRecord } from '../../tampered/write.ts';

/** First casts handed in a second, and how many while one thing goes wrong. */
const RATE = 20;
const CASTS = 160;
const HARMS = 4;

let chain: CliqueTestChain;
let world: ServerWorld;
let redis: PrivateRedis;
let box: BoxProcess;
/** What the box knows its node by. */
let line: Line;
let cast: SimulatedUpdate[] = [];
/** What the box has signed for. */
const accepted: Receipt[] = [];

/** Minutes instead of weeks: time passes here as it does. */
const times = (now: number): Record<string, number> => ({
  ...{ registrationOpens: now + 120, registrationCloses: now + 160, challengeSeconds: 20, opensAt: now + 185 },
  ...{ closesAt: now + 4_000, graceSeconds: 40, settleSeconds: 20, maxExtensionSeconds: 600 },
});

beforeAll(async () => {
  chain = await startCliqueChain();
  const validators = chain.network.validators.map(({ address }) => address);
  world = await prepareWorld({ voters: [CASTS * HARMS, 1] }, { chain, times, validators });
  await chain.advanceTo(world.made.definition.times.opensAt);
  const folder = join(world.folder, 'redis');
  mkdirSync(folder);
  redis = await startPrivateRedis(folder);
  line = await lineTo(chain.rpcOf(3));
  box = await boxProcess({
    ...{ ...world.settings, ...at(world.boxes, 0), rpc: line.url, redisUrl: redis.url },
    ...{ proofThreads: 1, connectionRate: 1000, windowSeconds: 1 },
  });
  await box.start();
}, 1_800_000);
afterAll(terminate);
afterAll(async () => {
  await box?.kill();
  await redis?.stop();
  await line?.close();
  await world?.close();
}, 300_000);

async function ask(validator: number, method: string, params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(chain.rpcOf(validator), { method: 'POST', headers, body });
  return ((await response.json()) as { readonly result: unknown }).result;
}

interface Block {
  readonly number: Hex;
  readonly hash: Hex;
}

async function blockOf(validator: number, which: 'latest'): Promise<Block>;
async function blockOf(validator: number, which: Hex): Promise<Block | null>;
async function blockOf(validator: number, which: Hex | 'latest'): Promise<Block | null> {
  return (await ask(validator, 'eth_getBlockByNumber', [which, false])) as Block | null;
}

/** The newest block of a validator that is cut off, as soon as the others have sealed another one at its height. */
async function sealedAlone(validator: number): Promise<Hex | undefined> {
  for (let tries = 0; tries < 20; tries++) {
    const { number, hash } = await blockOf(validator, 'latest');
    const others = await blockOf(1, number);
    if (others !== null && others.hash !== hash) return hash;
    await pause(250);
  }
  return undefined;
}

/** Hands in the next casts while `harm` goes on; all are on chain in the end, each once, and the box knows. */
async function underLoad(harm: () => Promise<void>): Promise<void> {
  const fresh = Array.from({ length: CASTS }, (_, i) =>
    world.voters.vote(0, world.voters.nullifier(cast.length + i), [1n, 0n]),
  );
  cast = [...cast, ...fresh];
  const handed = fresh.map(async (update, i): Promise<Promised> => {
    await pause((1000 * i) / RATE);
    const receipt = await receiptFor(box.url, update);
    if (typeof receipt === 'string') return { update, receipts: [] };
    accepted.push(receipt);
    return { update, receipts: [{ url: box.url, tracker: receipt.tracker }] };
  });
  await harm();
  const promised = await Promise.all(handed);
  await until(async () => (await missing(world, fresh)).length === 0, 120);
  expect(await countsOnce(world, 0, cast)).toBe(true);
  await until(async () => {
    const fates = await Promise.all(promised.flatMap(({ receipts }) => receipts.map(fateOf)));
    return fates.every((fate) => fate === 'confirmed');
  }, 60);
}

describe('a box on a Clique network, while ballots flow', () => {
  it('loses nothing when a validator is killed and started again', async () => {
    await underLoad(async () => {
      await pause(3_000);
      await chain.kill(2);
      await pause(6_000);
      await chain.start(2);
    });
  }, 400_000);

  it('loses nothing when all validators are ended and started again', async () => {
    await underLoad(async () => {
      await pause(3_000);
      await Promise.all([1, 2, 3].map((number) => chain.kill(number)));
      await pause(2_000);
      await Promise.all([1, 2, 3].map((number) => chain.start(number)));
    });
  }, 400_000);

  it('loses nothing when its node is cut off with what it sends there, and the blocks of that node are given up', async () => {
    let lonely: Hex | undefined;
    await underLoad(async () => {
      for (const end = Date.now() + 180_000; lonely === undefined && Date.now() < end;) {
        // Who has sealed the newest block must leave the next one to others: cut off just then, it seals none.
        while ((await ask(3, 'clique_getSigner', ['latest'])) === at(chain.network.validators, 2).address)
          await pause(50);
        await chain.isolate(3);
        await pause(5_000);
        lonely = await sealedAlone(3);
        await chain.rejoin(3);
        await pause(2_000);
      }
    });
    // It sealed a block that the others never built on.
    expect(lonely).toBeDefined();
    expect(await ask(1, 'eth_getBlockByHash', [lonely, false])).toBeNull();
  }, 700_000);

  it('loses nothing when its node is lost and another stands in', async () => {
    await underLoad(async () => {
      await pause(3_000);
      await chain.kill(3);
      line.divert(chain.rpcOf(2));
    });
  }, 400_000);

  it('leaves a record that holds what each receipt promised, once, and that urna observe finds right', async () => {
    const { made, story, trapdoor } = world;
    const record: Entry[] = [];
    let reached: FollowState | undefined;
    for await (const { keep, entries, state } of follow(made.at, { builds: made.builds })) {
      record.splice(keep, Infinity, ...entries);
      reached = state;
    }
    const heads = record
      .filter((entry) => hasKind(entry, 'updates'))
      .flatMap((entry) => slotChanges(1, entry).map(({ row }) => `${entry.data.poll} ${showSlot(row).head}`));
    expect(accepted).toHaveLength(cast.length);
    expect(accepted.map(({ poll, head }) => `${poll} ${head}`).sort()).toEqual(heads.sort());
    const seals = await readSeals(made.at, made.definition, reached);
    const { credentials, registrations } = story.offices;
    const folder = join(world.folder, 'observed');
    await writeRecord(folder, record, {
      definition: encodeDefinition(made.definition),
      ...{ credentials, registrations: [registrations], reasons: [undefined] },
      ...{ circuits: [trapdoorCircuit(trapdoor)], build: made.builds },
      seals: seals === undefined ? undefined : encodeSeals(seals),
    });
    const { definitionFile, election } = world.settings;
    const named = ['--definition', definitionFile, '--election', election, '--so-far', '--json'];
    const { answer } = await urna(world.folder, ['observe', 'run', '--record', 'observed/record.json', ...named]);
    const checks = answer?.data['checks'] as { number: number; ok: boolean; items: number }[];
    expect([answer?.code, checks.filter(({ ok }) => !ok)]).toEqual(['ok', []]);
    expect(checks.find(({ number }) => number === 11)?.items).toBe(cast.length);
    expect(checks.at(-1)).toMatchObject({ number: 20, items: 4 + 2 });
  }, 120_000);

  it('can be exported with its seals, which who verifies it and who reads the chain find right', async () => {
    const { definitionFile, election } = world.settings;
    // A node that still runs.
    const at = ['--rpc', chain.rpcOf(1), '--definition', definitionFile, '--election', election];
    await urna(world.folder, ['record', 'export', ...at, '--public', '.', '--out', 'record']);
    const sealsOf = async (words: readonly string[]): Promise<unknown> => {
      const { answer } = await urna(world.folder, [...words, '--json']);
      return (answer?.data['checks'] as unknown[] | undefined)?.at(-1) ?? answer;
    };
    const right = { number: 20, ok: true, items: 4 + 2 };
    expect(await sealsOf(['record', 'verify', 'record'])).toMatchObject(right);
    expect(await sealsOf(['observe', 'run', ...at, '--public', '.'])).toMatchObject(right);
  }, 180_000);
});
