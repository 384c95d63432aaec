import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readPoll } from '../../../contracts/client/ballots.ts';
import { extend, readStatus } from '../../../contracts/client/election.ts';
import { extendObject } from '../../../protocol/acts/objects.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { ServerWorld } from '../world.ts';
import type { LoadedNetwork } from './loaded-network.ts';
import { electionsOf, observe, openNetwork, promisedHead, underLoad, untilConfirmed } from './loaded-network.ts';

/** First casts handed in before the chain is out of reach, while it is, and once the vote is extended. */
const CASTS = [100, 160, 60] as const;
/** Seconds before the close at which the chain stops, by its own time, and after it at which it goes on, by the clock. */
const [BEFORE, AFTER] = [30, 8];
const EXTENSION = 240;
const REASON = wordHex(7n);

let network: LoadedNetwork;

const times = (now: number): Record<string, number> => ({
  ...{ registrationOpens: now + 120, registrationCloses: now + 160, challengeSeconds: 20, opensAt: now + 185 },
  ...{ closesAt: now + 400, graceSeconds: 120, settleSeconds: 20, maxExtensionSeconds: 600 },
});

beforeAll(async () => {
  const casts = CASTS.reduce((sum, each) => sum + each, 0);
  // Masks are laid in one round only, the last: those of an extension.
  const change = (definition: Record<string, unknown>): void => void (definition['maskRounds'] = 1);
  network = await openNetwork({ casts, proved: CASTS.length, times, change });
}, 1_800_000);
afterAll(terminate);
afterAll(() => network?.close(), 300_000);

/** The officers extend an election by what is left of its grace and more. */
async function prolong({ made, story }: ServerWorld): Promise<void> {
  const closesAt = BigInt((await network.chain.now()) + EXTENSION);
  const signed = await story.act('extend', extendObject(closesAt, BigInt(REASON)));
  await extend(made.at, made.sender(PAYER), { closesAt, reasonHash: REASON }, signed);
}

async function isClosed({ made }: ServerWorld): Promise<boolean> {
  const { blockTime, closesAt } = await readStatus(made.at);
  return blockTime >= closesAt;
}

it('keeps every promise of a vote whose chain was out of reach when it closed, and which is extended', async () => {
  const { chain, world, proved } = network;
  // The two were not deployed in the same second.
  const ends = [world, proved.world].map(({ made }) => made.definition.times.closesAt);
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  await underLoad(network, CASTS[0], () => chain.advanceTo(first - BEFORE));
  // One of three seals nothing alone: the chain stands still, and with it the boxes' idea of the time.
  await Promise.all([1, 2].map((number) => chain.kill(number)));
  await underLoad(network, CASTS[1], async () => {
    while (Date.now() / 1000 < last + AFTER) await pause(500);
    await chain.start(1, 2);
  });
  await chain.advanceTo(last);
  for (const each of [world, proved.world]) {
    expect(await isClosed(each)).toBe(true);
    await prolong(each);
    expect(await isClosed(each)).toBe(false);
  }
  await underLoad(network, CASTS[2], () => Promise.resolve());
  await untilConfirmed(network);
  for (const { election, cast } of electionsOf(network))
    expect((await readPoll(election.made.at, 0)).nonEmpty).toBe(cast.length);
}, 900_000);

it('leaves records that hold what each receipt promised, once, and that urna observe finds right', async () => {
  for (const { election, cast, accepted } of electionsOf(network)) {
    const { heads } = await observe(election);
    expect(accepted).toHaveLength(cast.length);
    // Boxes refresh slots in the last round: those updates nobody was promised.
    const promised = new Set(accepted.map(promisedHead));
    expect(promised.size).toBe(cast.length);
    expect(heads.filter((head) => promised.has(head))).toHaveLength(cast.length);
  }
}, 400_000);
