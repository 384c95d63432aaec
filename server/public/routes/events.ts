import type { FastifyInstance } from 'fastify';
import type { PublicParts } from '../parts.ts';
import { reading } from '../store/store.ts';
import { answersBytes } from './shapes.ts';

/**
 * `GET /v1/events`: server-sent events `block`, `turnout` and `phase`. `Last-Event-ID` resumes after an event, as far back as the store
 * keeps them; who reads too slowly is dropped.
 */
export function eventsRoute(server: FastifyInstance, { feed }: PublicParts): void {
  const schema = {
    headers: {
      type: 'object',
      properties: { 'last-event-id': { type: 'string', pattern: '^[0-9]{1,15}-[0-9]{1,15}$' } },
    },
    response: answersBytes('Events as they happen', 'text/event-stream'),
  };
  server.get<{ Headers: { 'last-event-id'?: string } }>(
    '/v1/events',
    { schema, compress: false },
    async ({ headers }, reply) => {
      const stream = await reading(feed.join(headers['last-event-id']));
      return reply
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .type('text/event-stream')
        .send(stream);
    },
  );
  server.addHook('preClose', (done) => {
    feed.close();
    done();
  });
}
