import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readPoll } from '../../../contracts/client/ballots.ts';
import { extend, readStatus } from '../../../contracts/client/election.ts';
import { extendObject } from '../../../protocol/acts/objects.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { fateOf, lateOnes } from './load.ts';
import type { LoadedNetwork } from './loaded-network.ts';
import {
  PROVED,
  electionsOf,
  observe,
  openNetwork,
  promisedHead,
  underLoad,
  untilConfirmed,
} from './loaded-network.ts';
import { until } from './posting-box.ts';
import type { BoxProcess } from './processes.ts';

/** First casts handed in at full speed before the chain is out of reach, while it stands still, and in the extended vote; and for as long as each lasts. */
const CASTS = [60, 100, 60] as const;
const RESERVE = 500;
/** Seconds before the close at which the chain is out of reach, by its own time, and after it at which it is back. */
const [BEFORE, AFTER] = [30, 8];
/** Seconds by which the vote is extended, and those that are left of it at least when its end is waited for. */
const [EXTENSION, LEFT] = [120, 90];
const REASON = wordHex(7n);

let network: LoadedNetwork;

const times = (now: number): Record<string, number> => ({
  ...{ registrationOpens: now + 120, registrationCloses: now + 160, challengeSeconds: 20, opensAt: now + 185 },
  ...{ closesAt: now + 310, graceSeconds: 600, settleSeconds: 20, maxExtensionSeconds: 3_600 },
});

beforeAll(async () => {
  const casts = CASTS.reduce((sum, each) => sum + each, RESERVE);
  // Masks are laid in one round only, the last: those of an extension.
  const change = (definition: Record<string, unknown>): void => void (definition['maskRounds'] = 1);
  network = await openNetwork({ casts, proved: CASTS.length * PROVED, times, change });
}, 1_800_000);
afterAll(terminate);
afterAll(() => network?.close(), 300_000);

const worlds = (): readonly ServerWorld[] => electionsOf(network).map(({ election }) => election);

/** The officers extend an election, which goes on or is in its grace. */
async function prolong({ made, story }: ServerWorld): Promise<void> {
  const closesAt = BigInt((await network.chain.now()) + EXTENSION);
  const signed = await story.act('extend', extendObject(closesAt, BigInt(REASON)));
  await extend(made.at, made.sender(PAYER), { closesAt, reasonHash: REASON }, signed);
}

async function isClosed({ made }: ServerWorld): Promise<boolean> {
  const { blockTime, closesAt } = await readStatus(made.at);
  return blockTime >= closesAt;
}

/** When the first and the last of the elections close: they were not deployed, and are not extended, in the same second. On a machine too busy to have come in time they are extended first. */
async function closings(): Promise<{ readonly first: number; readonly last: number }> {
  const all = async (): Promise<number[]> =>
    Promise.all(worlds().map(async ({ made }) => Number((await readStatus(made.at)).closesAt)));
  const now = await network.chain.now();
  const late = (await all()).map((closesAt) => closesAt < now + LEFT);
  for (const [i, world] of worlds().entries()) if (at(late, i)) await prolong(world);
  const closes = await all();
  return { first: Math.min(...closes), last: Math.max(...closes) };
}

/** The vote is over for all to see, and the officers open it again. */
async function extendAll(): Promise<void> {
  for (const world of worlds()) {
    expect(await isClosed(world)).toBe(true);
    await prolong(world);
    expect(await isClosed(world)).toBe(false);
  }
}

/** All that was handed in is on the chain, the boxes know, and not later than their receipts say. */
async function expectAllKept(): Promise<void> {
  await untilConfirmed(network);
  for (const { election, cast } of electionsOf(network))
    expect((await readPoll(election.made.at, 0)).nonEmpty).toBe(cast.length);
  const { world, box, accepted, proved, provedAccepted } = network;
  const of = ({ url }: BoxProcess, receipts: typeof accepted) => receipts.map((receipt) => ({ url, ...receipt }));
  expect(await lateOnes(world, of(box, accepted))).toEqual([]);
  expect(await lateOnes(proved.world, of(proved.box, provedAccepted))).toEqual([]);
}

/** Status and code, or the tracker of a receipt, that a box answers with. */
async function answerOf({ url }: BoxProcess, route: string, update?: SimulatedUpdate): Promise<unknown[]> {
  const headers = { 'content-type': 'application/json' };
  const sent = update === undefined ? {} : { method: 'POST', headers, body: update.body };
  const response = await fetch(`${url}/v1/${route}`, sent);
  const { type, statement } = (await response.json()) as {
    readonly type?: string;
    readonly statement?: { readonly tracker: string };
  };
  return [response.status, type?.replace('urn:urna:error:', '') ?? statement?.tracker];
}

it('keeps every promise of a vote whose chain stood still when it closed, and which is extended', async () => {
  const { chain } = network;
  const { first, last } = await closings();
  await underLoad(network, CASTS[0], () => chain.advanceTo(first - BEFORE));
  // One of three seals nothing alone: the chain stands still, and with it the boxes' idea of the time.
  await Promise.all([1, 2].map((number) => chain.kill(number)));
  // A box whose queue does not move takes no more than it could post, and none once the vote is closed: who is told so hands it in again, and is taken in the extended vote.
  await underLoad(network, CASTS[1], async () => {
    while (Date.now() / 1000 < last + AFTER) await pause(500);
    await chain.start(1, 2);
    await chain.advanceTo(last);
    await extendAll();
  });
  await expectAllKept();
}, 900_000);

it('keeps every promise of boxes that could not see the chain when the vote closed again, and promises nothing meanwhile', async () => {
  const { chain, line, world, box, proved } = network;
  const { first, last } = await closings();
  await underLoad(network, CASTS[2], async () => {
    await chain.advanceTo(first - BEFORE);
    const [known, receipt] = [at(network.cast, 0), at(network.accepted, 0)];
    await line.cutWhile(async () => {
      const fresh = world.voters.vote(0, world.voters.nullifier(network.casts - 1), [1n, 0n]);
      for (const each of [box, proved.box])
        await until(async () => String(await answerOf(each, 'healthz')) === '503,chain/unreachable', 120);
      expect(await answerOf(box, 'updates', fresh)).toEqual([503, 'busy/chain']);
      // Validators and officers go on meanwhile; the boxes do not learn that the vote is over, nor that it is not.
      await chain.advanceTo(last + AFTER);
      expect(await answerOf(box, 'updates', fresh)).toEqual([503, 'busy/chain']);
      await extendAll();
      expect(await answerOf(box, 'updates', fresh)).toEqual([503, 'busy/chain']);
      expect(await fateOf({ url: box.url, ...receipt })).toBe('confirmed');
      expect(await answerOf(box, 'updates', known)).toEqual([409, 'update/occupied']);
    });
    for (const each of [box, proved.box])
      await until(async () => String(await answerOf(each, 'healthz')) === '200,', 120);
  });
  await expectAllKept();
}, 900_000);

it('leaves records that hold what each receipt promised, once, and that urna observe finds right', async () => {
  for (const { election, cast, accepted } of electionsOf(network)) {
    const { heads, extensions } = await observe(election);
    expect(extensions).toBeGreaterThanOrEqual(2);
    expect(accepted).toHaveLength(cast.length);
    // Boxes refresh slots in the last round: those updates nobody was promised.
    const promised = new Set(accepted.map(promisedHead));
    expect(promised.size).toBe(cast.length);
    expect(heads.filter((head) => promised.has(head))).toHaveLength(cast.length);
  }
}, 400_000);
