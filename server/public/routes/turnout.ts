import type { FastifyInstance } from 'fastify';
import { polls, units } from '../../../protocol/definition/polls.ts';
import { at } from '../../../protocol/errors.ts';
import type { PublicParts } from '../parts.ts';
import { COUNT, answers, closed, keep, listOf } from './shapes.ts';

const ID = { type: 'string' };
const schema = closed({
  ...{ block: COUNT, assurance: { enum: ['single-office', 'two-office'] } },
  polls: listOf(closed({ poll: COUNT, contest: ID, district: ID, members: COUNT, ballots: COUNT })),
  units: listOf(closed({ contest: ID, unit: ID, voters: COUNT, members: COUNT, ballots: COUNT })),
});

/** `GET /v1/turnout`: non-empty slots against the roll, by poll and by unit before any merging. */
export function turnoutRoute(server: FastifyInstance, { store }: PublicParts): void {
  const { definition } = store;
  const numbered = polls(definition);
  server.get('/v1/turnout', { schema: { response: answers('Ballots so far', schema) } }, (_request, reply) => {
    const { summary, state } = store.held;
    const membersOf = (district: number): number => (summary.sealed ? (summary.newestRoll?.members[district] ?? 0) : 0);
    return reply.header('cache-control', keep(2)).send({
      ...{ block: Math.max(0, (state?.next ?? 0) - 1), assurance: definition.assurance },
      polls: numbered.map(({ index, contest, district }) => ({
        ...{
          poll: index,
          contest: at(definition.contests, contest).id,
          district: at(definition.districts, district).id,
        },
        ...{ members: membersOf(district), ballots: at(summary.polls, index).nonEmpty },
      })),
      units: units(definition).map(({ index, contest, id, districts }) => {
        const sum = (of: (district: number) => number): number =>
          districts.reduce((total, each) => total + of(each), 0);
        const own = numbered.filter((poll) => poll.unit === index);
        return {
          ...{ contest: at(definition.contests, contest).id, unit: id },
          ...{ voters: sum((each) => at(definition.districts, each).voters), members: sum(membersOf) },
          ballots: own.reduce((total, poll) => total + at(summary.polls, poll.index).nonEmpty, 0),
        };
      }),
    });
  });
}
