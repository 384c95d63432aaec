import type { FastifyInstance } from 'fastify';
import { basename, dirname } from 'node:path';
import { require } from '../../../protocol/errors.ts';
import { IMMUTABLE, answersBytes } from './shapes.ts';

const params = {
  type: 'object',
  required: ['sha256'],
  properties: { sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
} as const;

/** `GET /v1/artifacts/:sha256`: a file that proving takes, by its hash in a manifest; in parts, if asked for a range of bytes. */
export function artifactsRoute(server: FastifyInstance, files: ReadonlyMap<string, string>): void {
  const response = answersBytes('Witness generator or proving key of a circuit', 'application/octet-stream');
  server.get<{ Params: { sha256: string } }>(
    '/v1/artifacts/:sha256',
    { schema: { params, response } },
    (request, reply) => {
      const path = files.get(request.params.sha256);
      require(path !== undefined, 'not-found/file', 'no circuit of this election has such a file');
      // What is compressed on the way has no ranges.
      return reply
        .header('cache-control', IMMUTABLE)
        .type('application/octet-stream')
        .sendFile(basename(path ?? ''), dirname(path ?? ''), { cacheControl: false, contentType: false });
    },
  );
}
