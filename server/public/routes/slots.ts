import type { FastifyInstance } from 'fastify';
import { require } from '../../../protocol/errors.ts';
import type { PublicParts } from '../parts.ts';
import { redisScript, runScript } from '../../frame/redis-script.ts';
import { groupCount } from '../../../protocol/ballot/slot-groups.ts';
import { showSlot } from '../store/slots.ts';
import { KEYS, reading } from '../store/store.ts';
import { COUNT, IMMUTABLE, WORD, answers, closed, keep, listOf } from './shapes.ts';

const slot = closed({ slot: WORD, head: WORD, previousHead: WORD, round: COUNT, ciphertext: listOf(WORD) });
const schema = closed({ poll: COUNT, group: COUNT, groups: COUNT, block: COUNT, slots: listOf(slot) });

/**
 * `GET /v1/slots/:poll/:group`: all non-empty slots of a group, so that nobody learns which of thousands a client is about. Without
 * `block` the newest; `block` names the block that they are of, and such an answer never changes.
 */
export function slotsRoute(server: FastifyInstance, { store }: PublicParts): void {
  const number = { type: 'string', pattern: '^(0|[1-9][0-9]{0,8})$' };
  const options = {
    params: closed({ poll: number, group: number }),
    querystring: {
      type: 'object',
      additionalProperties: false,
      properties: { block: { type: 'string', pattern: '^(0|[1-9][0-9]{0,14})$' } },
    },
    response: answers('Slots of a group (SPEC §17.3)', schema),
  };
  server.get<{ Params: { poll: string; group: string }; Querystring: { block?: string } }>(
    '/v1/slots/:poll/:group',
    { schema: options },
    async ({ params, query }, reply) => {
      const [poll, group] = [Number(params.poll), Number(params.group)];
      const known = store.held.summary.polls[poll];
      const groups = groupCount(known?.members ?? 0);
      const exists = known !== undefined && known.members !== null && group < groups;
      require(exists, 'not-found/slots', 'there is no such group of slots, or its poll is not ready yet');
      const { block, changedAt, rows } = await readGroup(store, poll, group);
      const asked = query.block === undefined ? block : Number(query.block);
      require(asked <= block, 'not-found/block', 'this block is not confirmed here yet');
      require(asked >= changedAt, 'not-found/block', 'the slots have changed since that block: ask without one');
      if (query.block === undefined) reply.header('content-location', `/v1/slots/${poll}/${group}?block=${block}`);
      reply.header('cache-control', query.block === undefined ? keep(1) : IMMUTABLE);
      const slots = rows.map(showSlot).sort((a, b) => (a.slot < b.slot ? -1 : 1));
      return reply.send({ poll, group, groups, block: asked, slots });
    },
  );
}

interface Group {
  /** Newest block that the store takes account of. */
  readonly block: number;
  /** Block of the group's last change. */
  readonly changedAt: number;
  readonly rows: readonly Uint8Array[];
}

/** All of a group as of one moment. */
const READ_GROUP = redisScript(
  "return {redis.call('GET', KEYS[1]), redis.call('HGET', KEYS[2], ARGV[1]), redis.call('HVALS', KEYS[3])}",
);

async function readGroup({ bytes }: PublicParts['store'], poll: number, group: number): Promise<Group> {
  const keys = [KEYS.place, KEYS.groupBlocks(poll), KEYS.group(poll, group)];
  const reply = await reading(runScript(bytes, READ_GROUP, keys, [String(group)]));
  const [place, changed, rows] = reply as [Buffer | null, Buffer | null, Buffer[]];
  const { block } = JSON.parse(place?.toString() ?? '{"block":0}') as { readonly block: number };
  return { block, changedAt: Number(changed?.toString() ?? 0), rows };
}
