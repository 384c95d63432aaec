import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Hex } from '../../../protocol/encoding.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { at, require } from '../../../protocol/errors.ts';
import type { PublishedFile } from '../../../protocol/record/published-names.ts';
import { encodeHead, publishedName, segmentName } from '../../../protocol/record/head.ts';
import type { SegmentSummary } from '../../../protocol/record/segment.ts';
import type { PublicParts } from '../parts.ts';
import { closedLines, compressLines, hashBefore, openSummary } from '../store/segments.ts';
import { KEYS, reading } from '../store/store.ts';
import { IMMUTABLE, answers, answersBytes, closed, keep } from './shapes.ts';

const YEAR = 31_536_000_000;
const SEGMENT = '^[0-9]{6}\\.jsonl\\.gz$';
const FILE = '^(election\\.json|build\\.json|registrations-[1-9][0-9]{0,8}\\.jsonl|reasons-[1-9][0-9]{0,8}\\.json)$';

/** The record (SPEC §14): its head, its segments and its published files. */
export function recordRoutes(server: FastifyInstance, parts: PublicParts): void {
  headRoute(server, parts);
  segmentRoute(server, parts);
  fileRoutes(server, parts);
  sealsRoute(server, parts);
  registrationsRoute(server, parts);
  foundationRoute(server, parts);
}

/** `GET /v1/foundation.jsonl`: the entries that a ballot rests on (SPEC §17.4), so that who votes need not read a city's record. */
function foundationRoute(server: FastifyInstance, { store }: PublicParts): void {
  const response = answersBytes('Entries of keys and sealed roll, a line each (SPEC §17.4)', 'application/jsonl');
  server.get('/v1/foundation.jsonl', { schema: { response } }, async (_request, reply) => {
    const lines = await reading(store.redis.lRange(KEYS.foundation, 0, -1));
    return reply
      .header('cache-control', keep(2))
      .type('application/jsonl')
      .send(lines.map((line) => `${line}\n`).join(''));
  });
}

/** `GET /v1/record/record.json`: the head of the record so far. */
function headRoute(server: FastifyInstance, { store, files, sealed }: PublicParts): void {
  const schema = { response: answers('Head of the record (SPEC §14.6)') };
  server.get('/v1/record/record.json', { schema }, async (_request, reply) => {
    const published = await files.list();
    const { segments, file } = sealed?.newest ?? { ...store.held, file: undefined };
    const { chainId, election, definitionHash } = store.context;
    const tail: SegmentSummary[] =
      segments.open.length === 0 ? [] : [openSummary(segments, definitionHash, segments.open.length)];
    const all = [...segments.closed, ...tail];
    const entries = all.reduce((sum, each) => sum + each.entries, 0);
    const hash = all.at(-1)?.hash ?? encodeHex(hashBefore(segments, definitionHash));
    const names = { version: 1, chainId, election, definitionHash } as const;
    const head = encodeHead({ ...names, entries, hash, segments: all, files: withSeals(published, file) });
    return reply.header('cache-control', keep(2)).type('application/json').send(Buffer.from(head));
  });
}

/** All files of a head, by increasing name. */
function withSeals(published: readonly PublishedFile[], seals: PublishedFile | undefined): PublishedFile[] {
  const all = seals === undefined ? [...published] : [...published, seals];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `GET /v1/record/files/seals.json`: the newest seals; with `sha256`, those that a head lists which was read a moment ago. */
function sealsRoute(server: FastifyInstance, { sealed }: PublicParts): void {
  const schema = {
    querystring: {
      ...{ type: 'object', additionalProperties: false },
      properties: { sha256: { type: 'string', pattern: '^0x[0-9a-f]{64}$' } },
    },
    response: answersBytes('Seals of the end of the record (SPEC §14.8)', 'application/octet-stream'),
  };
  server.get<{ Querystring: { sha256?: Hex } }>('/v1/record/files/seals.json', { schema }, ({ query }, reply) => {
    require(sealed !== undefined, 'not-found/file', 'nobody is named who seals this chain');
    const bytes = Buffer.from(sealed.bytes(query.sha256));
    const kept = query.sha256 === undefined ? keep(2) : IMMUTABLE;
    return reply.header('cache-control', kept).type('application/octet-stream').send(bytes);
  });
}

/**
 * `GET /v1/record/:segment`: a segment; with `entries`, its first so many, which never change: the last segment of a head that was read
 * a moment ago can so be had as the head knows it.
 */
function segmentRoute(server: FastifyInstance, { store }: PublicParts): void {
  const schema = {
    params: closed({ segment: { type: 'string', pattern: SEGMENT } }),
    querystring: {
      ...{ type: 'object', additionalProperties: false },
      properties: { entries: { type: 'string', pattern: '^[1-9][0-9]{0,3}$' } },
    },
    response: answersBytes('Lines of the record, gzip (SPEC §14.5)', 'application/gzip'),
  };
  server.get<{ Params: { segment: string }; Querystring: { entries?: string } }>(
    '/v1/record/:segment',
    { schema },
    async ({ params, query }, reply) => {
      const index = Number(params.segment.slice(0, 6));
      const { segments } = store.held;
      const isClosed = index < segments.closed.length;
      const length = isClosed
        ? at(segments.closed, index).entries
        : index === segments.closed.length
          ? segments.open.length
          : 0;
      require(length > 0, 'not-found/segment', 'the record has no such segment yet');
      const wanted = query.entries === undefined ? length : Number(query.entries);
      require(wanted <= length, 'not-found/segment', 'the segment has fewer entries so far');
      reply.type('application/gzip');
      if (isClosed && wanted === length) return sendFile(reply, segmentName(index), YEAR);
      const lines = isClosed
        ? await closedLines(store.folder, segments, index, wanted)
        : segments.open.slice(0, wanted);
      const isFixed = isClosed || query.entries !== undefined;
      return reply.header('cache-control', isFixed ? IMMUTABLE : keep(2)).send(Buffer.from(compressLines(lines)));
    },
  );
}

/** `GET /v1/record/files/…`: published files under their names of SPEC §14.5. */
function fileRoutes(server: FastifyInstance, { files }: PublicParts): void {
  const response = answersBytes('A published file', 'application/octet-stream');
  const name = { type: 'string', pattern: '^[a-z0-9-]{1,32}\\.json$' };
  const send = async (reply: FastifyReply, path: string): Promise<FastifyReply> => {
    const known = (await files.list()).some((file) => file.name === path);
    require(known, 'not-found/file', 'this file is not published, or not yet');
    return sendFile(reply, publishedName(path), 60_000);
  };
  const plain = { params: closed({ name: { type: 'string', pattern: FILE } }), response };
  server.get<{ Params: { name: string } }>('/v1/record/files/:name', { schema: plain }, ({ params }, reply) =>
    send(reply, params.name),
  );
  server.get<{ Params: { name: string } }>(
    '/v1/record/files/credentials/:name',
    { schema: { params: closed({ name }), response } },
    ({ params }, reply) => send(reply, `credentials/${params.name}`),
  );
  const circuit = { type: 'string', pattern: '^ballot-(2|8|16)$' };
  const part = { type: 'string', pattern: '^(vkey|manifest)\\.json$' };
  server.get<{ Params: { circuit: string; name: string } }>(
    '/v1/record/files/circuits/:circuit/:name',
    { schema: { params: closed({ circuit, name: part }), response } },
    ({ params }, reply) => send(reply, `circuits/${params.circuit}/${params.name}`),
  );
}

/** `GET /v1/registrations.jsonl`: the registrations (SPEC §5.6) of the newest version of the roll. */
function registrationsRoute(server: FastifyInstance, { store, files }: PublicParts): void {
  const response = answersBytes(
    'Registrations of the newest version of the roll, a line each (SPEC §5.6)',
    'application/jsonl',
  );
  server.get('/v1/registrations.jsonl', { schema: { response } }, async (_request, reply) => {
    const name = `registrations-${store.held.summary.newestRoll?.version ?? 0}.jsonl`;
    const known = (await files.list()).some((file) => file.name === name);
    require(known, 'not-found/file', 'registrations are published when registration has ended');
    return sendFile(reply.type('application/jsonl'), publishedName(name), 60_000);
  });
}

function sendFile(reply: FastifyReply, name: string, maxAge: number): FastifyReply {
  return reply.sendFile(name, { maxAge, immutable: maxAge === YEAR });
}
