import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Eligibility } from '../eligibility.ts';
import { newestPublished, readPublished, reasonsFile, registrationsFile, tileFile } from '../roll/published.ts';
import { exactly, problem } from './schemas.ts';

const version = { type: 'string', pattern: '^[1-9][0-9]{0,6}$' } as const;
const querystring = { type: 'object', additionalProperties: false, properties: { version } } as const;
const index = { type: 'string', pattern: '^(0|[1-9][0-9]{0,5})$' } as const;
const binary = { type: 'string', format: 'binary' } as const;
const file = (type: string) => ({
  200: { description: 'The file', content: { [type]: { schema: binary } } },
  default: problem,
});

const registrations = {
  summary: 'Registrations of a version of the roll, the newest by default',
  description: 'registrations.jsonl (SPEC §5.6). With a version it never changes; keep it for ever.',
  querystring,
  response: file('application/jsonl'),
} as const;
const reasons = {
  summary: 'Why a version of the roll differs from the one before',
  querystring: { ...querystring, required: ['version'] },
  response: file('application/json'),
} as const;
const tiles = {
  summary: 'A tile of a district’s roll',
  description:
    'Words (SPEC §6.3). Fetch tiles early and with decoys: a tile says which 4,096 members one of whom may be about to vote.',
  params: exactly({ district: index, level: { type: 'string', enum: ['0', '1'] }, index }),
  querystring,
  response: file('application/octet-stream'),
} as const;

interface Query {
  readonly version?: string;
}

/** GET /v1/registrations.jsonl, /v1/reasons.json, /v1/tiles/:district/:level/:index (SPEC §17.1). */
export function addPublished(server: FastifyInstance, { publishFolder }: Eligibility): void {
  server.get<{ Querystring: Query }>('/v1/registrations.jsonl', { schema: registrations }, async (request, reply) => {
    const number = await versionOf(publishFolder, request.query);
    return send(reply, registrationsFile(publishFolder, number), number, 'application/jsonl', request.query);
  });
  server.get<{ Querystring: Query }>('/v1/reasons.json', { schema: reasons }, async (request, reply) => {
    const number = await versionOf(publishFolder, request.query);
    return send(reply, reasonsFile(publishFolder, number), number, 'application/json', request.query);
  });
  server.get<{ Querystring: Query; Params: Record<'district' | 'level' | 'index', string> }>(
    '/v1/tiles/:district/:level/:index',
    { schema: tiles },
    async (request, reply) => {
      const { district: of, level, index: place } = request.params;
      const number = await versionOf(publishFolder, request.query);
      const path = tileFile(publishFolder, number, Number(of), Number(level), Number(place));
      return send(reply, path, number, 'application/octet-stream', request.query);
    },
  );
}

async function versionOf(folder: string, { version: asked }: Query): Promise<number> {
  const number = asked === undefined ? await newestPublished(folder) : Number(asked);
  const published = number === 0 ? undefined : await readPublished(folder, number);
  if (published === undefined) throw new UrnaError('not-found/version', 'no such version of the roll is published');
  return number;
}

/** A file of a version never changes; which version is the newest does. */
async function send(
  reply: FastifyReply,
  path: string,
  number: number,
  type: string,
  query: Query,
): Promise<FastifyReply> {
  const size = await stat(path).then(
    (info) => info.size,
    () => undefined,
  );
  if (size === undefined) throw new UrnaError('not-found/file', 'this version of the roll has no such file');
  const forever = 'public, max-age=31536000, immutable';
  reply.header('cache-control', query.version === undefined ? 'no-cache' : forever);
  return reply.type(type).header('content-length', size).header('x-roll-version', number).send(createReadStream(path));
}
