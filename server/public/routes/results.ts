import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import type { PublicParts } from '../parts.ts';
import { resultsCsv } from '../results/csv.ts';
import { nistReport } from '../results/nist.ts';
import type { Results } from '../results/results.ts';
import { resultsOf } from '../results/results.ts';
import { COUNT, WORD, answers, answersBytes, closed, keep, listOf } from './shapes.ts';

const unit = closed({
  ...{ contest: { type: 'string' }, unit: { type: 'string' } },
  state: { enum: ['open', 'merged', 'empty', 'withheld'], description: 'SPEC §12.2' },
  ...{ members: COUNT, voters: COUNT, ballots: COUNT },
  counts: { type: 'object', additionalProperties: COUNT },
});
const results = closed({
  certified: { type: 'boolean', description: 'false: provisional' },
  assurance: { enum: ['single-office', 'two-office'] },
  ...{ resultHash: WORD, units: listOf(unit) },
});

/** `GET /v1/results.json`, `.csv` and `/v1/results.nist.json`: once everything is counted; the same numbers in three forms. */
export function resultsRoutes(server: FastifyInstance, { store }: PublicParts): void {
  const { definition } = store;
  const config = toConfig(definition);
  const found = (reply: FastifyReply): Results => {
    const all = resultsOf(definition, store.held.summary);
    reply.header('cache-control', keep(all.certified ? 60 : 2));
    return all;
  };
  server.get(
    '/v1/results.json',
    { schema: { response: answers('Counts and turnout of every unit', results) } },
    (_, reply) => reply.send(found(reply)),
  );
  server.get(
    '/v1/results.csv',
    { schema: { response: answersBytes('The same, a line an option', 'text/csv') } },
    (_, reply) => reply.type('text/csv; charset=utf-8; header=present').send(resultsCsv(found(reply))),
  );
  const description = 'The same as an ElectionReport of NIST SP 1500-100 version 2';
  server.get('/v1/results.nist.json', { schema: { response: answers(description) } }, (_, reply) => {
    const { settledAt } = timeline(config, store.held.summary.extensions);
    const report: Json = nistReport(definition, found(reply), settledAt);
    return reply.type('application/json').send(canonicalJson(report));
  });
}
