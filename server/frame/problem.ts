import { STATUS_CODES } from 'node:http';
import { UrnaError } from '../../protocol/errors.ts';
import { isRedisLost } from './redis.ts';

/** An RFC 9457 problem: `type` names the stable code (SPEC §16), `detail` is a sentence a person can act on. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** Schema of a problem, for every route's OpenAPI description. */
export const problemSchema = {
  $id: 'problem',
  type: 'object',
  description: 'RFC 9457 problem; its type is urn:urna:error:<code>, codes as in SPEC §16',
  required: ['type', 'title', 'status', 'detail'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', pattern: '^urn:urna:error:[a-z0-9-]+/[a-z0-9-]+$' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
  },
} as const;

/** Exact codes first, then prefixes; everything else that is an `UrnaError` is bad input. */
const STATUS: readonly (readonly [string, number])[] = [
  ['request/not-found', 404],
  ['request/method', 405],
  ['request/too-large', 413],
  ['request/media-type', 415],
  ['request/rate', 429],
  ['request/timeout', 408],
  ['busy/', 503],
  ['chain/unreachable', 503],
  ['chain/unconfirmed', 503],
  ['follow/moved', 503],
  ['update/stale', 409],
  ['update/occupied', 409],
  ['update/empty', 409],
  ['update/pending', 409],
  ['update/full', 409],
  ['update/other-box', 409],
  ['state/', 409],
  ['registration/sequence', 409],
  ['registration/commitment', 409],
  ['registration/revoked', 409],
  ['registration/credential', 403],
  ['registration/signature', 403],
  ['challenge/credential', 403],
  ['challenge/signature', 403],
  ['chain/', 409],
  ['not-found/', 404],
  ['second-factor/salt', 400],
  ['second-factor/provider', 503],
  ['second-factor/', 403],
  ['internal/', 500],
];

/** The HTTP status for an error code. */
export function statusOf(code: string): number {
  return STATUS.find(([prefix]) => code === prefix || (prefix.endsWith('/') && code.startsWith(prefix)))?.[1] ?? 400;
}

/** The problem of whatever was thrown. What is not ours to explain says nothing but that it is our fault: no message, no stack. */
export function problemOf(error: unknown): Problem {
  const known = knownError(error) ?? fromFastify(error);
  const { code, message } = known ?? new UrnaError('internal/unexpected', 'something went wrong on our side');
  const status = statusOf(code);
  return { type: `urn:urna:error:${code}`, title: STATUS_CODES[status] ?? 'Error', status, detail: message };
}

/** What was thrown in our own terms: our errors, and a store that does not answer; undefined for whatever else it is. */
export function knownError(error: unknown): UrnaError | undefined {
  return error instanceof UrnaError ? error : fromStore(error);
}

/** A store that is away, starting or full: what was sent may or may not have been taken, and sending it again does no harm. */
function fromStore(error: unknown): UrnaError | undefined {
  const refused = error instanceof Error && /^(?:LOADING|OOM|MISCONF|READONLY|MASTERDOWN) /u.test(error.message);
  if (!refused && !isRedisLost(error)) return undefined;
  return new UrnaError(
    'busy/store',
    'the service’s store does not answer: send the same again in a moment, it does no harm',
  );
}

const FASTIFY: Readonly<Record<string, readonly [code: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['request/too-large', 'the body is larger than this route takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['request/media-type', 'this route takes application/json'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['request/schema', 'the body is empty'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['request/schema', 'the body is not as long as its content length says'],
};

/** What fastify itself refuses, in our codes; undefined for faults that are ours. */
function fromFastify(error: unknown): UrnaError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, validation, statusCode, message } = error as Error & {
    readonly code?: string;
    readonly validation?: unknown;
    readonly statusCode?: number;
  };
  if (validation !== undefined) return new UrnaError('request/schema', message);
  const known = FASTIFY[code ?? ''];
  if (known !== undefined) return new UrnaError(...known);
  const isClients = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isClients ? new UrnaError('request/malformed', 'the request cannot be read') : undefined;
}
