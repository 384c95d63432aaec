import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import { KEYS } from '../../../server/public/store/store.ts';
import type { ServiceProcess } from '../../client/walks/service-process.ts';
import { startService } from '../../client/walks/service-process.ts';
import { PublicWorld } from './public-world.ts';

const ARTIFACTS = join(import.meta.dirname, '../../../circuits/artifacts');
/** Answered from the store, from files, and from both. */
const PATHS = [
  ...['record/record.json', 'record/000000.jsonl.gz', 'record/files/registrations-1.jsonl', 'slots/0/0', 'slots/1/0'],
  ...['tiles/0/0/0', 'tiles/1/1/0', 'tiles/0/bounds', 'foundation.jsonl', 'turnout'],
];
/** Which of them cannot be answered without it. */
const IN_STORE = 'slots/0/0';
/** Times that the store is killed. */
const BLOWS = 4;

let world: PublicWorld;
let service: ServiceProcess;
let redis: PrivateRedis;

beforeAll(async () => {
  world = await PublicWorld.open();
  redis = world.redisServer;
  writeFileSync(join(world.folder, 'election.json'), encodeDefinition(world.made.definition));
  await world.vote();
  service = await startService('public', {
    ...{ definitionFile: join(world.folder, 'election.json'), election: world.made.at.election },
    ...{ rpc: world.chain.url, redisUrl: redis.url, artifactsFolder: ARTIFACTS, connectionRate: 10_000 },
    ...{ recordFolder: world.recordFolder, publicFolder: world.publicFolder },
  });
}, 300_000);
afterAll(async () => {
  await service.kill();
  await redis.stop();
  await world.stop();
});

/** What a path is answered with: `status bytes`, or `away` for a problem that says that the store is. */
async function answerOf(path: string): Promise<string> {
  const answer = await fetch(`${service.url}/v1/${path}`, { headers: { 'accept-encoding': 'identity' } });
  const body = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 503) return `${answer.status} ${body.toString('base64')}`;
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const { type } = JSON.parse(body.toString()) as { readonly type: string };
  const saysWhen = Number(answer.headers.get('retry-after')) > 0;
  return isProblem && saysWhen && type === 'urn:urna:error:busy/store' ? 'away' : `503 ${body.toString()}`;
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + 120_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('it never came to that');
    await pause(50);
  }
}

/** Asks for everything again and again, several at once, until told to end. @returns what was answered, by path, each answer once */
async function askOn(signal: AbortSignal): Promise<Map<string, Set<string>>> {
  const told = new Map(PATHS.map((path) => [path, new Set<string>()]));
  const asker = async (): Promise<void> => {
    while (!signal.aborted) for (const path of PATHS) told.get(path)!.add(await answerOf(path));
  };
  await Promise.all([asker(), asker(), asker()]);
  return told;
}

/** Ids of the events that one connection to the live feed is told, as they come. */
async function listen(signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  const answer = await fetch(`${service.url}/v1/events`, { headers: { 'last-event-id': '0-0' }, signal });
  expect(answer.status).toBe(200);
  const read = async (): Promise<void> => {
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      ids.push(...lines.filter((line) => line.startsWith('id: ')).map((line) => line.slice(4)));
    }
  };
  void read().catch(() => undefined);
  return ids;
}

/** Events that the store holds, and the newest block that it takes account of. */
async function stored(): Promise<{ readonly events: string[]; readonly block: number }> {
  const connection = await connectRedis(redis.url, () => undefined);
  const events = ((await connection.xRange(KEYS.events, '-', '+')) ?? []).map(({ id }) => id);
  const { block } = JSON.parse((await connection.get(KEYS.place)) ?? '{"block":-1}') as { readonly block: number };
  await connection.close();
  return { events, block };
}

async function untilRead(): Promise<void> {
  const newest = Number(await world.chain.publicClient.getBlockNumber());
  await until(async () => (await stored()).block === newest);
}

describe('a public service whose Redis is killed while it is read from', () => {
  it('answers as before or says that its store is away, and goes on by itself, its listeners’ streams too', async () => {
    await untilRead();
    await until(async () => (await Promise.all(PATHS.map(answerOf))).every((answer) => answer.startsWith('200 ')));
    const right = new Map(await Promise.all(PATHS.map(async (path) => [path, await answerOf(path)] as const)));
    const [asking, listening] = [new AbortController(), new AbortController()];
    const heard = await listen(listening.signal);
    const told = askOn(asking.signal);
    for (let blow = 0; blow < BLOWS; blow++) {
      await pause(300 + 100 * blow);
      process.kill(redis.pid, 'SIGKILL');
      await redis.ended;
      // For as long as it takes that somebody is told so.
      await until(async () => (await answerOf(IN_STORE)) === 'away');
      redis = await startPrivateRedis(dirname(redis.url.replace('unix:', '')));
      await until(async () => (await answerOf(IN_STORE)) !== 'away');
    }
    await until(async () => (await Promise.all(PATHS.map(answerOf))).every((answer) => answer.startsWith('200 ')));
    asking.abort();
    for (const [path, answers] of await told) {
      expect([path, [...answers].filter((answer) => answer !== 'away')]).toEqual([path, [right.get(path)]]);
    }
    // What happens on chain from now on is told to who has listened since before, every event once.
    const { events } = await stored();
    await world.chain.testClient.mine({ blocks: 2 });
    await untilRead();
    await until(async () => heard.at(-1) === (await stored()).events.at(-1));
    expect(heard).toEqual((await stored()).events);
    expect(heard.slice(0, events.length)).toEqual(events);
    expect(heard.length).toBeGreaterThan(events.length);
    listening.abort();
  }, 300_000);
});
