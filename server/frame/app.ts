import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LogController, fastify } from 'fastify';
import { parseJson } from '../../protocol/canonical-json.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import { addCommonRoutes } from './common-routes.ts';
import type { Health } from './common-routes.ts';
import { limitConnections } from './connection-rate.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { problemOf, problemSchema } from './problem.ts';

/** What every service is made of. */
export interface AppOptions {
  /** As in logs, metrics and the OpenAPI document. */
  readonly name: string;
  readonly description: string;
  /** Origins whose pages may call the service. */
  readonly origins: readonly string[];
  /** Whether those pages may make a browser send the service's cookies; no by default. */
  readonly cookies?: boolean;
  /** Largest body in bytes, unless a route says otherwise. */
  readonly bodyLimit: number;
  /** Requests a second of one connection. */
  readonly connectionRate: number;
  /** Whether the service can do its work now; what is wrong otherwise. */
  readonly health: () => Promise<Health>;
  /** Where log lines go; standard output by default. */
  readonly logTo?: { write(line: string): void };
}

/** A service before its routes. */
export interface App {
  readonly server: FastifyInstance;
  readonly metrics: Metrics;
}

const VERSION = '1';
/** Milliseconds for a whole request to arrive. */
const REQUEST_TIMEOUT = 30_000;
const MAX_CONNECTIONS = 10_000;

/**
 * A fastify with what all services share: strict schemas, problem+json, helmet, CORS for the listed origins only, health, metrics and an
 * OpenAPI document. Logs hold method, route, status and time, never an address, a body or a path with somebody's key in it.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const server: FastifyInstance = fastify({
    logger: { level: 'info', base: { service: options.name }, ...(options.logTo && { stream: options.logTo }) },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT,
    connectionTimeout: 2 * REQUEST_TIMEOUT,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, strict: true } },
    frameworkErrors: (error, _request, reply) => void sendProblem(reply as unknown as FastifyReply, error),
    clientErrorHandler(error, socket) {
      // What follows the last request of a connection is not read; the answer to that request is on its way.
      if (error.code === 'HPE_CLOSED_CONNECTION') return;
      const isNew = socket.writable && socket.bytesWritten === 0;
      if (isNew) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    },
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  server.setErrorHandler((error, request, reply) => void answerError(request, reply, error));
  server.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new UrnaError('request/not-found', 'there is nothing at this address')),
  );
  readStrictJson(server);
  endConnections(server);
  limitConnections(server, options.connectionRate);
  server.addSchema(problemSchema);
  await server.register(helmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } });
  await server.register(cors, {
    origin: [...options.origins],
    methods: ['GET', 'POST'],
    // Of a file in parts, how long it is.
    exposedHeaders: ['content-range'],
    maxAge: 600,
    strictPreflight: false,
    credentials: options.cookies ?? false,
  });
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `Urna ${options.name}`, description: options.description, version: VERSION },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json['$id'] ?? `schema-${i}`) },
  });
  const metrics = createMetrics(server, options.name);
  logAnswers(server);
  addCommonRoutes(server, metrics, options.health);
  return { server, metrics };
}

/** A line an answer: method, route, status and time. */
function logAnswers(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime);
    request.log.info({ method: request.method, route, status: reply.statusCode, ms }, 'answered');
    done();
  });
}

/** Milliseconds in which a new connection has to ask something when the service ends. */
const SILENCE = 1_000;

/**
 * Once the service ends, a connection ends with its answer, and one on which nothing was asked ends, too: browsers open some in advance. One
 * of either kind would hold the process up for a minute.
 */
function endConnections(server: FastifyInstance): void {
  let isEnding = false;
  const silent = new Set<Socket>();
  const leave = (): void => void setTimeout(() => silent.forEach((socket) => socket.destroy()), SILENCE).unref();
  server.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    if (isEnding) leave();
  });
  server.server.on('request', ({ socket }) => silent.delete(socket));
  server.addHook('preClose', (done) => {
    isEnding = true;
    leave();
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isEnding) reply.header('connection', 'close');
    done();
  });
  server.addHook('onResponse', (_request, _reply, done) => {
    if (isEnding) setImmediate(() => server.server.closeIdleConnections());
    done();
  });
}

/** JSON as the rest of Urna reads it: no key twice, no deep nesting, nothing that JSON cannot hold exactly. */
function readStrictJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      require(body.length > 0, 'request/schema', 'the body is empty');
      done(null, parseJson(Uint8Array.from(body as Buffer)));
    } catch (error) {
      done(error as Error);
    }
  });
}

async function answerError(request: FastifyRequest, reply: FastifyReply, error: unknown): Promise<void> {
  const problem = problemOf(error);
  // The name of what was thrown, never its message: it might quote what somebody sent.
  if (problem.status >= 500)
    request.log.error({ code: problem.type, error: error instanceof Error ? error.name : 'unknown' }, 'failed');
  await sendProblem(reply, error);
}

/** Seconds after which asking again makes sense, where the service itself is short of something. */
const RETRY_AFTER = 5;

async function sendProblem(reply: FastifyReply, error: unknown): Promise<void> {
  const problem = problemOf(error);
  const isBusy = problem.status === 503 || problem.status === 429;
  // A route that knows better has said so already.
  if (isBusy && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER);
  await reply
    .code(problem.status)
    .type('application/problem+json')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send(problem);
}
