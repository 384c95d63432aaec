import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Redis } from '../../server/frame/redis.ts';

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
