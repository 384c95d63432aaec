import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** What a service tells of itself when it can work. */
export type Health = Readonly<Record<string, string | number | boolean>>;

const problem = { $ref: 'problem#' } as const;

const health = {
  summary: 'Whether the service can do its work now',
  description: 'A problem of status 503 says what is missing. For who runs the service; a proxy keeps it inside.',
  response: {
    200: {
      description: 'It can; and where it stands, in members of each service’s own',
      ...{ type: 'object', required: ['ok'], properties: { ok: { type: 'boolean', const: true } } },
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    },
    default: problem,
  },
} as const;
const metrics = {
  summary: 'Measures, in Prometheus’ text form',
  description: 'Labels are routes and codes, never anybody’s data. For who runs the service; a proxy keeps it inside.',
  response: {
    200: { description: 'The measures', content: { 'text/plain': { schema: { type: 'string' } } } },
    default: problem,
  },
} as const;
const openapi = {
  summary: 'This description',
  response: {
    200: { description: 'An OpenAPI 3.1 document', type: 'object', additionalProperties: true },
    default: problem,
  },
} as const;

/** GET /v1/healthz, /v1/metrics, /v1/openapi.json: the same of every service. */
export function addCommonRoutes(server: FastifyInstance, { registry }: Metrics, ask: () => Promise<Health>): void {
  server.get('/v1/healthz', { schema: health }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { ok: true, ...(await ask()) };
  });
  server.get('/v1/metrics', { schema: metrics }, async (_request, reply) => {
    reply.type(registry.contentType).header('cache-control', 'no-store');
    return registry.metrics();
  });
  server.get('/v1/openapi.json', { schema: openapi }, (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300').send(server.swagger());
  });
}
