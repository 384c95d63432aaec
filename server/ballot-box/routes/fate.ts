import type { FastifyInstance } from 'fastify';
import { UrnaError } from '../../../protocol/errors.ts';
import type { BoxStore } from '../store/box-store.ts';
import type { Fate, Tracker } from '../store/updates.ts';
import { findFate } from '../store/updates.ts';
import { tracker } from './updates.ts';

const count = { type: 'integer', minimum: 0 } as const;
const problem = { $ref: 'problem#' } as const;

const fate = {
  type: 'object',
  required: ['tracker', 'state', 'code', 'round', 'by'],
  additionalProperties: false,
  properties: {
    tracker,
    state: {
      ...{ type: 'string', enum: ['waiting', 'sent', 'confirmed', 'returned'] },
      description: 'returned: it is not counted and will not be; unless replaced, make it again, with fresh randomness',
    },
    code: { type: 'string', description: 'why it was returned (SPEC §16); empty otherwise' },
    round: count,
    by: count,
    transaction: { type: 'string', pattern: '^0x[0-9a-f]{64}$' },
    block: { ...count, description: 'confirmed block that holds it' },
  },
} as const;

/** `GET /v1/updates/:tracker` (SPEC §17.2). */
export function addFate(server: FastifyInstance, store: BoxStore): void {
  server.get<{ Params: { tracker: string } }>(
    '/v1/updates/:tracker',
    {
      schema: {
        summary: 'What became of an update: it is counted once it is confirmed, not before',
        params: { type: 'object', required: ['tracker'], additionalProperties: false, properties: { tracker } },
        response: { 200: fate, '4xx': problem, '5xx': problem },
      },
    },
    async ({ params }, reply) => {
      reply.header('cache-control', 'no-store');
      const found = await findFate(store, params.tracker as Tracker);
      if (found === undefined) {
        throw new UrnaError('not-found/tracker', 'this box knows no such update: is it the receipt of another box?');
      }
      return published(found);
    },
  );
}

function published({ transaction, block, ...rest }: Fate): object {
  return { ...rest, ...(transaction !== undefined && { transaction }), ...(block !== undefined && { block }) };
}
