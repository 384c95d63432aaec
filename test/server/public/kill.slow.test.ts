import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Redis } from '../../../server/frame/redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import { KEYS } from '../../../server/public/store/store.ts';
import type { ServiceProcess } from '../../client/walks/service-process.ts';
import { startService } from '../../client/walks/service-process.ts';
import { PublicWorld } from './public-world.ts';

const ARTIFACTS = join(import.meta.dirname, '../../../circuits/artifacts');
/** What is served for ever, or to all observers alike. */
const PATHS = [
  ...['record/record.json', 'record/000000.jsonl.gz', 'record/files/registrations-1.jsonl', 'slots/0/0', 'slots/1/0'],
  ...['tiles/0/0/0', 'tiles/0/1/0', 'tiles/1/0/0', 'tiles/1/1/0', 'tiles/0/bounds', 'foundation.jsonl'],
  ...['turnout', 'results.json', 'results.csv'],
];

let world: PublicWorld;
let redis: Redis;
let service: ServiceProcess | undefined;

beforeAll(async () => {
  world = await PublicWorld.open();
  writeFileSync(join(world.folder, 'election.json'), encodeDefinition(world.made.definition));
  redis = await connectRedis(world.redisServer.url, () => undefined);
  await world.vote();
  await world.story.count();
}, 120_000);
afterAll(async () => {
  await service?.kill();
  await redis.close();
  await world.stop();
});

async function start(): Promise<ServiceProcess> {
  service = await startService('public', {
    ...{ definitionFile: join(world.folder, 'election.json'), election: world.made.at.election },
    ...{ rpc: world.chain.url, redisUrl: world.redisServer.url, artifactsFolder: ARTIFACTS, connectionRate: 10_000 },
    ...{ recordFolder: world.recordFolder, publicFolder: world.publicFolder },
  });
  return service;
}

/** Entries that are stored. */
async function stored(): Promise<number> {
  const place = await redis.get(KEYS.place);
  return place === null ? 0 : (JSON.parse(place) as { readonly entries: number }).entries;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 6_000; tries++) {
    if (await isSo()) return;
    await pause(5);
  }
  throw new Error('it never came to that');
}

/** Answers of a service that has read everything. */
async function answers({ url }: ServiceProcess): Promise<Record<string, string>> {
  const newest = Number(await world.chain.publicClient.getBlockNumber());
  const block = async (): Promise<number> =>
    (JSON.parse((await redis.get(KEYS.place)) ?? '{}') as { block: number }).block;
  await until(async () => (await block()) === newest);
  await until(async () => (await fetch(`${url}/v1/tiles/1/1/0`)).ok && (await fetch(`${url}/v1/tiles/0/1/0`)).ok);
  const found: Record<string, string> = {};
  for (const path of PATHS) {
    const answer = await fetch(`${url}/v1/${path}`, { headers: { 'accept-encoding': 'identity' } });
    found[path] = `${answer.status} ${Buffer.from(await answer.arrayBuffer()).toString('base64')}`;
  }
  return found;
}

describe('a public service that is killed', () => {
  it('while it reads the chain and makes tiles serves the same bytes as one that was not', async () => {
    // When it has begun, and in the midst of the record; below, between its last step and the tiles.
    for (const entries of [1, 30]) {
      const starting = start();
      await until(async () => (await stored()) >= entries);
      await (await starting).kill();
    }
    const killed = await answers(await start());
    for (const [path, answer] of Object.entries(killed)) expect([path, answer.slice(0, 3)]).toEqual([path, '200']);
    await service?.kill();
    await redis.del([KEYS.tileRoots(0), KEYS.tileRoots(1)]);
    expect(await answers(await start())).toEqual(killed);
    await service?.kill();
    await redis.flushAll();
    rmSync(world.recordFolder, { recursive: true });
    expect(await answers(await start())).toEqual(killed);
  });
});
