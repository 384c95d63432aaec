import { decodeFollowState } from '../../../contracts/follower/state.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import type { Config } from '../../../protocol/config/config.ts';
import { encodeWord } from '../../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../../protocol/errors.ts';
import { hasKind } from '../../../protocol/record/entry.ts';
import type { FollowedState } from '../../frame/follow-forever.ts';
import { redisScript, runScript } from '../../frame/redis-script.ts';
import type { BoxStore } from '../store/box-store.ts';
import { KEYS } from '../store/keys.ts';
import type { Facts } from './facts.ts';
import { factsAfter, noFacts } from './facts.ts';
import type { FollowedSlot } from './slot-bytes.ts';
import { changedSlots, packSlot, unpackSlot } from './slot-bytes.ts';

/** What a box makes of the record: slots in Redis, where a million of them have room, the few facts in memory as well. */
export interface FollowedElection {
  /** For `followForever`. */
  readonly state: FollowedState;
  /** As of the last step this process has seen. */
  facts(): Facts;
  /** The next block to read; 0 before any was. */
  next(): number;
  /** The slot as the confirmed chain has it, undefined while it is empty. */
  slot(poll: number, nullifier: bigint): Promise<FollowedSlot | undefined>;
  /** All slots of a poll that are not empty, in parts, in no order; one that changes meanwhile may come twice. */
  slots(poll: number): AsyncGenerator<readonly (readonly [nullifier: bigint, slot: FollowedSlot])[]>;
}

/**
 * One step, all of it or nothing. Several processes of a box read the same chain: a step that is in the cache already changes nothing, one
 * that does not follow on the last is refused. ARGV: tip before, tip after, next, state, facts, then poll, slot, packed, block:transaction each.
 */
const APPLY = redisScript(`
local tip = redis.call('GET', '${KEYS.tip}') or ''
if tip ~= ARGV[1] then
  local known = tonumber(string.match(tip, '^(%d+)') or '0')
  return known >= tonumber(ARGV[3]) and 'known' or 'other'
end
for k = 6, #ARGV, 4 do
  local poll, slot = ARGV[k], ARGV[k + 1]
  redis.call('HSET', '${KEYS.slots}' .. poll, slot, ARGV[k + 2])
  local live = redis.call('HGET', '${KEYS.live}' .. poll, slot)
  if live then
    -- One step may bring an update and those after it: that the chain has taken it must not be forgotten over them.
    local mark = redis.call('HGET', '${KEYS.unsettled}', poll .. ':' .. slot) or ''
    if string.match(mark, ':(%x+)$') ~= live then
      local counts = redis.call('HGET', '${KEYS.update}' .. live, 'e') == string.sub(ARGV[k + 2], 1, 32)
      redis.call('HSET', '${KEYS.unsettled}', poll .. ':' .. slot, ARGV[k + 3] .. ':' .. (counts and live or ''))
    end
  end
end
redis.call('SET', '${KEYS.tip}', ARGV[2])
redis.call('SET', '${KEYS.followState}', ARGV[4])
redis.call('SET', '${KEYS.facts}', ARGV[5])
return 'applied'
`);

/** What identifies where a follower stands. */
function tipOf(state: FollowState | undefined): string {
  return state === undefined ? '' : `${state.next} ${state.marks.at(-1)?.hash ?? ''}`;
}

/** The cache of an election in a box's Redis. @param newestBlock - the chain's head: up to there a cache made anew is not to be trusted */
export function followedElection(
  store: BoxStore,
  config: Config,
  newestBlock: () => Promise<number>,
): FollowedElection {
  let current: { readonly tip: string; readonly next: number; readonly facts: Facts } = start(config);
  const load = async (): Promise<FollowState | undefined> => {
    const [state, facts] = await store.redis.mGet([KEYS.followState, KEYS.facts]);
    if (typeof state !== 'string' || typeof facts !== 'string') {
      await store.redis.set(KEYS.resync, String(await newestBlock()));
      current = start(config);
      return undefined;
    }
    const decoded = decodeFollowState(parseJson(state));
    current = { tip: tipOf(decoded), next: decoded.next, facts: parseJson(facts) as unknown as Facts };
    await endResync(store, decoded.next, newestBlock);
    return decoded;
  };
  const apply = async (step: FollowStep): Promise<void> => {
    const facts = step.entries.reduce(factsAfter, current.facts);
    const tip = tipOf(step.state);
    const done = await runScript(
      store.bytes,
      APPLY,
      [],
      [
        ...[current.tip, tip, String(step.state.next), canonicalJson(step.state), canonicalJson(facts)],
        ...slotArguments(config, step),
      ],
    );
    if (String(done) === 'other')
      throw new UrnaError('follow/moved', 'another process of the box has read another chain');
    current = { tip, next: step.state.next, facts };
    await endResync(store, step.state.next, newestBlock);
  };
  const reset = async (): Promise<void> => {
    await forget(store, config, await newestBlock());
    current = start(config);
  };
  return {
    state: { load, apply, reset },
    facts: () => current.facts,
    next: () => current.next,
    slot: (poll, nullifier) => findSlot(store, poll, nullifier),
    slots: (poll) => scanSlots(store, poll),
  };
}

function start(config: Config) {
  return { tip: '', next: 0, facts: noFacts(config) };
}

function slotArguments({ polls, contests }: Config, { entries }: FollowStep): (string | Buffer)[] {
  return entries.flatMap((entry) => {
    if (!hasKind(entry, 'updates')) return [];
    const { lanes } = at(contests, at(polls, entry.data.poll).contest);
    return changedSlots(entry.data, lanes).flatMap(({ poll, nullifier, slot }) => [
      ...[String(poll), Buffer.from(encodeWord(nullifier)), packSlot(slot)],
      `${entry.block}:${entry.transaction}`,
    ]);
  });
}

/**
 * A cache that was made anew is whole again once it holds what the old one held: up to the block that was the newest then, or up to the
 * newest one now, should the chain have become shorter since. A chain that makes blocks for transactions only would not become longer again.
 */
async function endResync({ redis }: BoxStore, next: number, newestBlock: () => Promise<number>): Promise<void> {
  const target = await redis.get(KEYS.resync);
  if (target === null) return;
  if (next > Number(target) || next > (await newestBlock())) await redis.del(KEYS.resync);
}

async function forget({ redis }: BoxStore, { polls }: Config, newestBlock: number): Promise<void> {
  const slots = polls.map((_, poll) => `${KEYS.slots}${poll}`);
  const cache = [KEYS.followState, KEYS.facts, KEYS.tip, KEYS.unsettled];
  await redis.multi().set(KEYS.resync, String(newestBlock)).del(cache).unlink(slots).exec();
}

async function findSlot({ bytes }: BoxStore, poll: number, nullifier: bigint): Promise<FollowedSlot | undefined> {
  const packed = await bytes.hGet(`${KEYS.slots}${poll}`, Buffer.from(encodeWord(nullifier)));
  return packed === null ? undefined : unpackSlot(packed);
}

async function* scanSlots(
  { bytes }: BoxStore,
  poll: number,
): AsyncGenerator<readonly (readonly [bigint, FollowedSlot])[]> {
  for await (const part of bytes.hScanIterator(`${KEYS.slots}${poll}`, { COUNT: 500 })) {
    yield part.map(({ field, value }) => {
      require(field.length === 32, 'internal/slot', 'a stored slot has a damaged name');
      return [BigInt(`0x${field.toString('hex')}`), unpackSlot(value)] as const;
    });
  }
}
