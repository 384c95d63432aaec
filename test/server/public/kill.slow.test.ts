import { existsSync, writeFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Services } from '../../../client/cli/demo/services.ts';
import { readStatus } from '../../../contracts/client/election.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Redis } from '../../../server/frame/redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import { KEYS } from '../../../server/public/store/store.ts';
import type { ServiceProcess } from '../../client/walks/service-process.ts';
import { startService } from '../../client/walks/service-process.ts';
import { EventReader } from './event-reader.ts';
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
  await world.prepare();
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
  for (let tries = 0; tries < 20_000; tries++) {
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

/** All that was ever announced, in order. */
async function announced(): Promise<string[]> {
  return ((await redis.xRange(KEYS.events, '-', '+')) ?? []).map(({ id }) => id);
}

/** Waits until a reader has read everything of a service that has read the chain. */
async function caughtUp(reader: EventReader): Promise<void> {
  const newest = Number(await world.chain.publicClient.getBlockNumber());
  const { phase } = await readStatus(world.made.at);
  const lastOf = (event: string, name: string): unknown =>
    reader.events.findLast((each) => each.event === event)?.data[name];
  await until(async () => lastOf('block', 'block') === newest && lastOf('phase', 'phase') === phase);
}

/** Clients of the feed, as the service counts them. */
async function listeners({ url }: ServiceProcess): Promise<number> {
  const text = await (await fetch(`${url}/v1/metrics`)).text();
  return Number(/^urna_public_listeners\{.*\} (\d+)$/mu.exec(text)?.[1]);
}

const phases = ({ events }: EventReader): unknown[] =>
  events.filter(({ event }) => event === 'phase').map(({ data }) => data['phase']);
const ids = ({ events }: EventReader): string[] => events.map(({ id }) => id);

describe('the live feed of a public service', () => {
  let running: ServiceProcess;
  let steady: EventReader;
  beforeAll(async () => {
    running = await start();
    steady = await EventReader.open(running.url);
    // It answers before it has looked at the chain.
    await until(async () => phases(steady).length > 0);
  });
  afterAll(async () => {
    await running.kill();
    await redis.flushAll();
    rmSync(world.recordFolder, { recursive: true });
  });

  it('tells blocks, turnout and phase while ballots are cast, once each also to who is cut off again and again', async () => {
    let isOver = false;
    const voted = world.story.vote().finally(() => (isOver = true));
    let torn = await EventReader.open(running.url);
    for (let cuts = 0; cuts < 8; cuts++) {
      const { length } = torn.events;
      await until(async () => isOver || torn.events.length > length);
      torn.leave();
      await until(async () => torn.ended);
      torn = await EventReader.open(running.url, torn.events);
    }
    await voted;
    for (const reader of [steady, torn]) await caughtUp(reader);
    expect([ids(steady), ids(torn)]).toEqual([await announced(), await announced()]);
    const told = (event: string): unknown[] =>
      steady.events.filter((each) => each.event === event).map(({ data }) => data);
    expect(phases(steady)).toEqual(['ready', 'open']);
    const turnout = [
      { poll: 0, nonEmpty: 2 },
      { poll: 1, nonEmpty: 1 },
      { poll: 0, nonEmpty: 2 },
    ];
    expect(told('turnout')).toMatchObject(turnout);
    const { entries } = JSON.parse((await redis.get(KEYS.place)) ?? '{}') as { readonly entries: number };
    expect(told('block').at(-1)).toMatchObject({ entries });
    torn.leave();
  });

  it('keeps nothing of clients that have gone, not even of those that go at once', async () => {
    await until(async () => (await listeners(running)) === 1);
    const readers = await Promise.all([1, 2, 3, 4, 5].map(() => EventReader.open(running.url)));
    await until(async () => (await listeners(running)) === 6);
    for (const reader of readers) reader.leave();
    await until(async () => (await listeners(running)) === 1);
    const hasty = Array.from({ length: 30 }, () => {
      const gone = new AbortController();
      const asked = fetch(`${running.url}/v1/events`, { signal: gone.signal }).catch(() => undefined);
      setImmediate(() => gone.abort());
      return asked;
    });
    await Promise.all(hasty);
    await until(async () => (await listeners(running)) === 1);
    expect(steady.ended).toBe(false);
  });

  it('ends with its service, which waits for no client, and goes on where the client was with the next', async () => {
    const others = await Promise.all([1, 2, 3].map(() => EventReader.open(running.url)));
    const deaf = connect(Number(new URL(running.url).port), '127.0.0.1');
    deaf.on('error', () => undefined).pause();
    deaf.write('GET /v1/events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 0-0\r\n\r\n');
    await until(async () => (await listeners(running)) === 5);
    // Another status than 0 is that of a service which gave up waiting.
    expect(await running.stop()).toBe(0);
    await until(async () => [steady, ...others].every(({ ended }) => ended));
    deaf.destroy();
    const counted = world.story.count();
    running = await start();
    const resumed = await EventReader.open(running.url, steady.events);
    await counted;
    await caughtUp(resumed);
    expect(ids(resumed)).toEqual(await announced());
    expect(phases(resumed).at(-1)).toBe('certified');
    resumed.leave();
  }, 300_000);
});

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
  }, 300_000);
});

describe('Services', () => {
  it('give a service the Redis that is configured for it, and no private one', async () => {
    await service?.kill();
    await redis.flushAll();
    writeFileSync(join(world.publicFolder, 'election.json'), encodeDefinition(world.made.definition));
    const place = { rpc: world.chain.url, election: world.made.at.election, publicFolder: world.publicFolder };
    const root = join(world.folder, 'services');
    const services = new Services(root, place, () => undefined, { public: world.redisServer.url });
    try {
      const { pids } = await services.startPublic();
      await until(async () => (await stored()) > 0);
      expect([pids.length, existsSync(join(root, 'public/redis'))]).toEqual([1, false]);
    } finally {
      await services.stop();
    }
  }, 300_000);
});
