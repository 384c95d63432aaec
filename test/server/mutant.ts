import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Redis } from '../../server/frame/redis.ts';
import type { Canary, Places } from './canaries.ts';
import { findLeaks, formsOf } from './canaries.ts';

/** Where a mutant leaves what it has learned. */
export const LEAKS = ['log', 'store', 'published', 'traffic'] as const;
export type Leak = (typeof LEAKS)[number];

/** What a mutant is to leave next, and where. */
export interface Told {
  leak: Leak;
  bytes: Buffer;
}

/** Makes a mutant of a server that does not listen yet: with each request it leaves what it was told. */
export function mutate(server: FastifyInstance, told: Told, { redis, folder }: { redis: Redis; folder: string }): void {
  server.addHook('onRequest', async (request, reply) => {
    const { leak, bytes } = told;
    if (leak === 'log') request.log.info({ learned: bytes.toString('latin1') }, 'asked');
    if (leak === 'store') await redis.set('mutant', bytes);
    if (leak === 'published') writeFileSync(join(folder, 'mutant'), bytes);
    if (leak === 'traffic') await reply.send(bytes);
  });
}

/** A mutant that listens, and where its tester looks. */
export interface Suspect {
  readonly url: string;
  readonly told: Told;
  /** What it logs; emptied from leak to leak, so that every form is tried in it: the other places keep everything. */
  readonly lines: string[];
  /** Places by which {@link LEAKS} are named. */
  readonly places: () => Places;
}

/** Has a mutant leave every canary in every place and every form, each time by a request. @returns what the scan overlooked, as `place: name`, and of how many */
export async function overlooked(
  { url, told, lines, places }: Suspect,
  canaries: readonly Canary[],
): Promise<{ readonly tried: number; readonly missed: readonly string[] }> {
  const missed: string[] = [];
  let tried = 0;
  const leave = async (leak: Leak, bytes: Buffer, name: string): Promise<void> => {
    lines.splice(0, Infinity, 'a line');
    Object.assign(told, { leak, bytes });
    await fetch(`${url}/v1/healthz`).then((response) => response.arrayBuffer());
    tried += 1;
    if (!findLeaks(places(), canaries).includes(`${leak}: ${name}`)) missed.push(`${leak}: ${name}`);
  };
  const others = LEAKS.filter((leak) => leak !== 'log' && leak in places());
  for (const [i, canary] of canaries.entries()) {
    const [bytes, reversed, , ...texts] = formsOf(canary) as [Buffer, Buffer, Buffer, ...Buffer[]];
    for (const form of [bytes, ...texts]) await leave('log', form, canary.name);
    for (const leak of others) await leave(leak, i % 2 === 0 ? bytes : reversed, canary.name);
  }
  return { tried, missed };
}
