import type { FastifyInstance } from 'fastify';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { polls } from '../../../protocol/definition/polls.ts';
import { at } from '../../../protocol/errors.ts';
import { groupCount } from '../../../protocol/ballot/slot-groups.ts';
import type { PublicParts } from '../parts.ts';
import { COUNT, WORD, answers, closed, keep, listOf } from './shapes.ts';

const ADDRESS = { type: 'string', pattern: '^0x[0-9a-f]{40}$' };
const NULLABLE_COUNT = { type: ['integer', 'null'], minimum: 0 };

const schema = closed({
  definition: { type: 'object', additionalProperties: true, description: 'election.json (SPEC §3)' },
  definitionHash: WORD,
  assurance: {
    enum: ['single-office', 'two-office'],
    description: 'single-office: one office alone decided who is on the roll',
  },
  contracts: closed({
    chainId: COUNT,
    election: ADDRESS,
    roll: ADDRESS,
    ceremony: ADDRESS,
    ballots: ADDRESS,
    tally: ADDRESS,
  }),
  phase: { type: 'string', description: 'at block `status.block` (DESIGN §4)' },
  status: closed({ block: COUNT, time: COUNT }),
  times: closed({
    ...{ opensAt: COUNT, closesAt: COUNT, graceEndsAt: COUNT, settledAt: COUNT },
    rounds: listOf(closed({ round: COUNT, startsAt: COUNT, endsAt: COUNT })),
  }),
  record: closed({ block: COUNT, entries: COUNT }),
  roll: {
    anyOf: [
      { type: 'null' },
      closed({ version: COUNT, sealed: { type: 'boolean' }, members: listOf(COUNT), roots: listOf(WORD) }),
    ],
  },
  polls: listOf(
    closed({
      poll: COUNT,
      contest: { type: 'string' },
      district: { type: 'string' },
      members: NULLABLE_COUNT,
      groups: COUNT,
    }),
  ),
  services: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'addresses of registrar and boxes, by id',
  },
});

/** `GET /v1/election`: everything a client needs to find its way. */
export function electionRoute(server: FastifyInstance, { store, status, at: place, services }: PublicParts): void {
  const config = toConfig(store.definition);
  const response = answers('The election, its phase and where its services are', schema);
  server.get('/v1/election', { schema: { response } }, (_request, reply) => {
    const { definition, context, held } = store;
    const { summary, state } = held;
    const { phase, block, blockTime } = status.status;
    const { opensAt, closesAt, graceEndsAt, settledAt, rounds } = timeline(config, summary.extensions);
    const { roll, ceremony, ballots, tally } = place;
    const { newestRoll, sealed } = summary;
    return reply.header('cache-control', keep(2)).send({
      ...{ definition, definitionHash: context.definitionHash, assurance: definition.assurance },
      contracts: { chainId: context.chainId, election: context.election, roll, ceremony, ballots, tally },
      ...{ phase, status: { block: Number(block), time: Number(blockTime) } },
      times: { opensAt, closesAt, graceEndsAt, settledAt, rounds },
      record: { block: Math.max(0, (state?.next ?? 0) - 1), entries: summary.entries },
      roll: newestRoll && { version: newestRoll.version, sealed, members: newestRoll.members, roots: newestRoll.roots },
      polls: polls(definition).map(({ index, contest, district }) => {
        const { members } = at(summary.polls, index);
        const named = { contest: at(definition.contests, contest).id, district: at(definition.districts, district).id };
        return { poll: index, ...named, members, groups: groupCount(members ?? 0) };
      }),
      services,
    });
  });
}
