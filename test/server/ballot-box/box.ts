import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { at } from '../../../protocol/errors.ts';
import { loadSettings } from '../../../server/frame/settings.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import type { BoxService } from '../../../server/ballot-box/service.ts';
import { createBallotBox } from '../../../server/ballot-box/service.ts';
import type { BoxSettings } from '../../../server/ballot-box/settings.ts';
import { settingsSchema } from '../../../server/ballot-box/settings.ts';
import type { ServerWorld } from '../world.ts';

/** What a route answered. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  /** Code of a problem, or undefined. */
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A box in this process, with a Redis of its own. */
export interface TestBox {
  readonly service: BoxService;
  readonly redis: PrivateRedis;
  readonly url: string;
  /** What the box logged, line by line. */
  readonly lines: string[];
  post(body: string): Promise<Answer>;
  fate(tracker: string): Promise<Answer>;
  /** Waits until the box has read the chain up to its head. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** Settings of the `index`-th box of a world. */
export function boxSettings(world: ServerWorld, index: number, redisUrl: string): Promise<BoxSettings> {
  const flags = {
    ...world.settings,
    ...at(world.boxes, index),
    redisUrl,
    port: 0,
    proofThreads: 2,
    connectionRate: 1000,
  };
  const name = (key: string): string => `--${key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
  const args = Object.entries(flags).flatMap(([key, value]) => [name(key), String(value)]);
  return loadSettings(settingsSchema, { args, env: {} });
}

/** Starts the `index`-th box of a world. @param change - to its settings; `redis` to share one @param before - called before it listens */
export async function startBox(
  world: ServerWorld,
  index: number,
  change: Partial<BoxSettings> = {},
  redis?: PrivateRedis,
  before: (service: BoxService) => void = () => undefined,
): Promise<TestBox> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-box-'));
  const own = redis ?? (await startPrivateRedis(folder));
  const lines: string[] = [];
  const settings = { ...(await boxSettings(world, index, own.url)), ...change };
  const service = await createBallotBox(settings, { write: (line) => lines.push(line) });
  before(service);
  const url = await service.app.server.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
  const box: TestBox = {
    ...{ service, redis: own, lines, url },
    post: (body) => ask(`${url}/v1/updates`, body),
    fate: (tracker) => ask(`${url}/v1/updates/${tracker}`),
    caughtUp: () => caughtUp(world, service),
    close: async () => {
      await service.app.server.close();
      await service.close();
      if (redis === undefined) await own.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await box.caughtUp();
  return box;
}

async function ask(url: string, body?: string): Promise<Answer> {
  const sent = body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  const response = await fetch(url, sent);
  const text = await response.text();
  const answer = text === '' ? null : parseJson(text);
  const type = (answer as { readonly type?: unknown } | null)?.type;
  const code = typeof type === 'string' ? /^urn:urna:error:(.+)$/u.exec(type)?.[1] : undefined;
  return { status: response.status, headers: Object.fromEntries(response.headers), body: answer, code };
}

/** Waits, on the chain's own events only: until the newest block was read and settled. */
async function caughtUp({ made }: ServerWorld, { intake }: BoxService): Promise<void> {
  const head = Number(await made.at.connection.rpc.getBlockNumber());
  while (intake.followed.next() <= head || (await intake.store.redis.exists('followed:resync')) === 1) await pause(20);
  // The box asks for the chain's time some times a second.
  await pause(300);
}
