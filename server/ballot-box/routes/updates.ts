import type { FastifyInstance } from 'fastify';
import type { UpdateFile } from '../../../protocol/ballot/update-file.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Intake } from '../intake/accept.ts';
import { takeUpdate } from '../intake/accept.ts';
import { busy } from '../intake/admission.ts';

/** An update as it comes: the members of an update file (SPEC §17.2). */
interface UpdateBody {
  readonly type: 'urna/v1/update';
  readonly chainId: number;
  readonly election: `0x${string}`;
  readonly poll: number;
  readonly first: boolean;
  readonly words: `0x${string}`;
}

/** Words of a later update of eight lanes, the longest there is (SPEC §11.3). */
const MOST_WORDS = 46;
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const address = { type: 'string', pattern: '^0x[0-9a-f]{40}$' } as const;
const word = { type: 'string', pattern: '^0x[0-9a-f]{64}$' } as const;
/** Schema of a tracker. */
export const tracker = { type: 'string', pattern: '^[0-9a-f]{32}$' } as const;

const body = {
  type: 'object',
  description: 'An update file, as "urna voter cast" writes it',
  required: ['type', 'chainId', 'election', 'poll', 'first', 'words'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', const: 'urna/v1/update' },
    chainId: count,
    election: address,
    poll: count,
    first: { type: 'boolean' },
    words: {
      ...{ type: 'string', pattern: '^0x(?:[0-9a-f]{64})+$', maxLength: 2 + 64 * MOST_WORDS },
      description: 'nullifier, previous head and ciphertext unless first, new ciphertext, proof: as in calldata',
    },
  },
} as const;

const statement = {
  type: 'object',
  required: ['type', 'chainId', 'election', 'poll', 'box', 'tracker', 'head', 'round', 'by'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', const: 'urna/v1/receipt/update' },
    ...{ chainId: count, election: address, poll: count, box: address, tracker },
    head: { ...word, description: 'head of the slot once the update has taken effect' },
    round: { ...count, description: 'round in which the box posts it' },
    by: { ...count, description: 'block time, Unix seconds, by which it is on chain' },
  },
} as const;

const receipt = {
  type: 'object',
  required: ['statement', 'signature'],
  additionalProperties: false,
  properties: { statement, signature: { type: 'string', pattern: '^0x[0-9a-f]{130}$' } },
} as const;

const problem = { $ref: 'problem#' } as const;

/** `POST /v1/updates` (SPEC §17.2). */
export function addUpdates(server: FastifyInstance, intake: Intake): void {
  const { admission } = intake;
  server.post<{ Body: UpdateBody }>(
    '/v1/updates',
    {
      schema: {
        summary: 'Hand in a slot update: a first ballot or a changed one',
        description: 'Answered once it is stored. The same update again gets the same receipt.',
        body,
        response: { 202: receipt, '4xx': problem, '5xx': problem },
      },
      // Before anything is read of the body: what cannot be taken need not be sent.
      onRequest: (_request, reply, done) => {
        if (admission.isFull) reply.header('retry-after', admission.secondsToWait);
        done(admission.isFull ? busy() : undefined);
      },
    },
    async ({ body: sent }, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        const answer = await admission.work(() => takeUpdate(intake, fileOf(sent)));
        return await reply.code(202).send(answer);
      } catch (error) {
        if (error instanceof UrnaError && error.code === 'busy/proofs')
          reply.header('retry-after', admission.secondsToWait);
        throw error;
      }
    },
  );
}

function fileOf({ chainId, election, poll, first, words }: UpdateBody): UpdateFile {
  require(chainId > 0, 'update/election', 'the update is for another chain or contract');
  return { context: { chainId, election }, poll, first, words };
}
