import type { FastifyInstance } from 'fastify';
import type { PublicParts } from '../parts.ts';
import { readBounds, readTile } from '../store/tiles.ts';
import { IMMUTABLE, answersBytes, closed } from './shapes.ts';

/** `GET /v1/tiles/:district/:level/:index`: nodes of the sealed roll as words (SPEC §6.3); `district` by its number. `bounds` says in which tile a member is. */
export function tilesRoute(server: FastifyInstance, { store }: PublicParts): void {
  const number = { type: 'string', pattern: '^(0|[1-9][0-9]{0,5})$' };
  const schema = {
    params: closed({ district: number, level: { enum: ['0', '1'] }, index: number }),
    response: answersBytes('A tile: at most 4,096 words', 'application/octet-stream'),
  };
  server.get<{ Params: { district: string; level: '0' | '1'; index: string } }>(
    '/v1/tiles/:district/:level/:index',
    { schema, compress: false },
    async ({ params: { district, level, index } }, reply) => {
      const tile = await readTile(store, Number(district), level === '0' ? 0 : 1, Number(index));
      return reply.header('cache-control', IMMUTABLE).type('application/octet-stream').send(tile);
    },
  );
  const bounds = {
    params: closed({ district: number }),
    response: answersBytes(
      'With which member every tile begins, and the proof of it: words (SPEC §6.3)',
      'application/octet-stream',
    ),
  };
  server.get<{ Params: { district: string } }>(
    '/v1/tiles/:district/bounds',
    { schema: bounds, compress: false },
    async ({ params: { district } }, reply) => {
      const words = await readBounds(store, Number(district));
      return reply.header('cache-control', IMMUTABLE).type('application/octet-stream').send(words);
    },
  );
}
