import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { follow } from '../../../contracts/follower/follow.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { progressOf, statusOf } from '../../../contracts/network/clique/status.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { hasKind } from '../../../protocol/record/entry.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { showSlot, slotChanges } from '../../../server/public/store/slots.ts';
import { urna } from '../../client/cli/urna.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { startCliqueChain, withOtherAccounts } from '../../contracts/network/clique-chain.ts';
import { writeRecord } from '../../tampered/write.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { Place, ServerWorld } from '../world.ts';
import { prepareWorld } from '../world.ts';
import type { Receipt } from './load.ts';
import { fateOf, missing, receiptFor } from './load.ts';
import { until } from './posting-box.ts';
import type { BoxProcess, Line } from './processes.ts';
import { boxProcess, lineTo } from './processes.ts';
import type { ProvedElection } from './proved-election.ts';
import { proveElection } from './proved-election.ts';

/** First casts handed in a second, and once a harm has had as many as it was given. */
const [RATE, SLOW_RATE] = [20, 2];
/** Proved ballots handed in beside them, one after the other. */
export const PROVED = 2;
/** Milliseconds after which a box that gives no receipt will give none. */
const PATIENCE = 400_000;

/** A Clique network of three with two elections on it, one for load and a small one of proved ballots, each with a box of its own. */
export interface LoadedNetwork {
  readonly chain: CliqueTestChain;
  readonly world: ServerWorld;
  readonly box: BoxProcess;
  /** What the boxes know their node by: the third validator, at first. */
  readonly line: Line;
  readonly proved: ProvedElection;
  /** How many first casts there can be. */
  readonly casts: number;
  /** All first casts that were handed in, and what the boxes have signed for. */
  readonly cast: SimulatedUpdate[];
  readonly accepted: Receipt[];
  readonly provedCast: SimulatedUpdate[];
  readonly provedAccepted: Receipt[];
  readonly close: () => Promise<void>;
}

/** How large the two elections are, and when they are. */
export interface NetworkPlan {
  readonly casts: number;
  readonly proved: number;
  readonly times: Place['times'];
  /** Besides `times`. */
  readonly change?: Place['change'];
}

export async function openNetwork({ casts, proved: few, times, change }: NetworkPlan): Promise<LoadedNetwork> {
  const chain = await startCliqueChain();
  const validators = chain.network.validators.map(({ address }) => address);
  const place = { times, validators, ...(change !== undefined && { change }) };
  const line = await lineTo(chain.rpcOf(3));
  const [world, proved] = await Promise.all([
    prepareWorld({ voters: [casts, 1] }, { chain, ...place }),
    proveElection(withOtherAccounts(chain), place, few, line.url),
  ]);
  const folder = join(world.folder, 'redis');
  mkdirSync(folder);
  const redis = await startPrivateRedis(folder);
  const box = await boxProcess({
    ...{ ...world.settings, ...at(world.boxes, 0), rpc: line.url, redisUrl: redis.url },
    ...{ proofThreads: 1, connectionRate: 1000, windowSeconds: 1 },
  });
  for (const { made } of [world, proved.world]) await chain.advanceTo(made.definition.times.opensAt);
  await Promise.all([box.start(), proved.box.start()]);
  // Until a box has read what there was when it started it posts nothing; what happens to the chain before that would hold it up.
  for (const { url } of [box, proved.box]) {
    await until(
      async () => ((await (await fetch(`${url}/v1/healthz`)).json()) as { reading: boolean }).reading === false,
      300,
    );
  }
  const close = async (): Promise<void> => {
    await box.kill();
    await redis.stop();
    await proved.close();
    await line.close();
    await world.close();
  };
  return { chain, world, box, line, proved, casts, cast: [], accepted: [], provedCast: [], provedAccepted: [], close };
}

/** The two elections, with what was handed in and what was signed for. */
export function electionsOf({ world, cast, accepted, proved, provedCast, provedAccepted }: LoadedNetwork) {
  return [
    { election: world, cast, accepted },
    { election: proved.world, cast: provedCast, accepted: provedAccepted },
  ];
}

/** What was handed in while something went wrong. */
export interface UnderLoad {
  readonly simulated: readonly SimulatedUpdate[];
  readonly proved: readonly SimulatedUpdate[];
}

/**
 * Hands in first casts at {@link RATE}, `casts` of them and from then on fewer a second, as long as `harm` goes on, and two proved ballots beside them.
 * Waits until the boxes have signed for all.
 */
export async function underLoad(network: LoadedNetwork, casts: number, harm: () => Promise<void>): Promise<UnderLoad> {
  const { world, box, proved } = network;
  const [simulated, ballots, handed]: [SimulatedUpdate[], SimulatedUpdate[], Promise<void>[]] = [[], [], []];
  let isOver = false;
  const load = async (): Promise<void> => {
    // Who has no voters left hands in no more.
    while ((simulated.length < casts || !isOver) && network.cast.length < network.casts) {
      const update = world.voters.vote(0, world.voters.nullifier(network.cast.length), [1n, 0n]);
      network.cast.push(update);
      simulated.push(update);
      handed.push(handIn(box, update, network.accepted));
      await pause(1000 / (simulated.length <= casts ? RATE : SLOW_RATE));
    }
  };
  const beside = async (): Promise<void> => {
    for (let i = 0; i < PROVED; i++) {
      const ballot = await proved.vote();
      network.provedCast.push(ballot);
      ballots.push(ballot);
      await handIn(proved.box, ballot, network.provedAccepted);
    }
  };
  await Promise.all([load(), beside(), harm().finally(() => (isOver = true))]);
  await Promise.all(handed);
  return { simulated, proved: ballots };
}

async function handIn({ url }: BoxProcess, update: SimulatedUpdate, accepted: Receipt[]): Promise<void> {
  const receipt = await receiptFor(url, update, AbortSignal.timeout(PATIENCE));
  if (typeof receipt !== 'string') accepted.push(receipt);
}

/**
 * Does something with just enough validators left, which may be tied then (contracts/network/CLIQUE.md): `spare` is started again if they are.
 */
export async function withJustEnough(chain: CliqueTestChain, spare: number, what: () => Promise<void>): Promise<void> {
  let isDone = false;
  const watch = async (): Promise<void> => {
    for (let looks = 0; !isDone; await pause(1_000)) {
      const progress = progressOf(chain.network, await statusOf(chain.folder, chain.network));
      looks = progress === 'waiting' ? looks + 1 : 0;
      if (progress === 'tied' || looks === 60) return chain.start(spare);
    }
  };
  await Promise.all([watch(), what().finally(() => (isDone = true))]);
}

/** Waits until all that was handed in is on the chain. */
export async function untilOnChain(network: LoadedNetwork, { simulated, proved }: UnderLoad): Promise<void> {
  await until(async () => (await missing(network.world, simulated)).length === 0, 180);
  await until(async () => (await missing(network.proved.world, proved)).length === 0, 180);
}

/** Waits until each box says of everything that it has signed for that it is confirmed. */
export async function untilConfirmed({ box, accepted, proved, provedAccepted }: LoadedNetwork): Promise<void> {
  const of = ({ url }: BoxProcess, receipts: readonly Receipt[]): Promise<string>[] =>
    receipts.map((receipt) => fateOf({ url, ...receipt }));
  await until(async () => {
    const fates = await Promise.all([...of(box, accepted), ...of(proved.box, provedAccepted)]);
    return fates.every((fate) => fate === 'confirmed');
  }, 120);
}

/** Heads of all updates in an election's record, which is written to a folder and observed: every check must pass. @returns also how often it was extended, the number of ballots that check 11 counts and the seals that check 20 does */
export async function observe({ made, story, circuit, folder, settings }: ServerWorld) {
  const record: Entry[] = [];
  let reached: FollowState | undefined;
  for await (const { keep, entries, state } of follow(made.at, { builds: made.builds })) {
    record.splice(keep, Infinity, ...entries);
    reached = state;
  }
  const heads = record
    .filter((entry) => hasKind(entry, 'updates'))
    .flatMap((entry) => slotChanges(1, entry).map(({ row }) => `${entry.data.poll} ${showSlot(row).head}`));
  const extensions = record.filter((entry) => hasKind(entry, 'extend')).length;
  const seals = await readSeals(made.at, made.definition, reached);
  const { credentials, registrations } = story.offices;
  await writeRecord(join(folder, 'observed'), record, {
    definition: encodeDefinition(made.definition),
    ...{ credentials, registrations: [registrations], reasons: [undefined] },
    ...{ circuits: [circuit], build: made.builds },
    seals: seals === undefined ? undefined : encodeSeals(seals),
  });
  const named = ['--definition', settings.definitionFile, '--election', settings.election, '--so-far', '--json'];
  const { answer } = await urna(folder, ['observe', 'run', '--record', 'observed/record.json', ...named]);
  const checks = answer?.data['checks'] as { number: number; ok: boolean; items: number }[];
  expect([answer?.code, checks.filter(({ ok }) => !ok)]).toEqual(['ok', []]);
  const items = (wanted: number): number | undefined => checks.find(({ number }) => number === wanted)?.items;
  return { heads, extensions, ballots: items(11), seals: items(20) };
}

/** How a receipt's head is named by {@link observe}. */
export function promisedHead({ poll, head }: Receipt): string {
  return `${poll} ${head}`;
}

/** JSON-RPC of a validator. */
export async function ask(
  chain: CliqueTestChain,
  validator: number,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(chain.rpcOf(validator), { method: 'POST', headers, body });
  return ((await response.json()) as { readonly result: unknown }).result;
}

export interface Block {
  readonly number: Hex;
  readonly hash: Hex;
}

export async function newestBlock(chain: CliqueTestChain, validator: number): Promise<Block> {
  return (await ask(chain, validator, 'eth_getBlockByNumber', ['latest', false])) as Block;
}

export async function blockAt(chain: CliqueTestChain, validator: number, number: Hex): Promise<Block | null> {
  return (await ask(chain, validator, 'eth_getBlockByNumber', [number, false])) as Block | null;
}
