import { join } from 'node:path';
import { openPolls } from '../../../server/ballot-box/followed/polls.ts';
import { followedElection } from '../../../server/ballot-box/followed/cache.ts';
import type { FollowedElection } from '../../../server/ballot-box/followed/cache.ts';
import type { ProveMask } from '../../../server/ballot-box/masks/lay-masks.ts';
import { postForever } from '../../../server/ballot-box/posting/poster.ts';
import type { PostingParts } from '../../../server/ballot-box/posting/posting.ts';
import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { openStore } from '../../../server/ballot-box/store/box-store.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { settledState } from '../../../server/ballot-box/store/settled-state.ts';
import type { Promised, Tracker } from '../../../server/ballot-box/store/updates.ts';
import { acceptUpdate, findFate } from '../../../server/ballot-box/store/updates.ts';
import { followForever } from '../../../server/frame/follow-forever.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { definitionHash } from '../../../protocol/definition/decode.ts';
import { BOXES } from '../../contracts/deploy/development.ts';
import type { ServerWorld } from '../world.ts';
import { simulatedMasks } from './simulated-masks.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';

/** What a box without its HTTP side is made of: a Redis, the followed chain, the posting. */
export interface PostingBox {
  readonly store: BoxStore;
  readonly followed: FollowedElection;
  /** Codes that the posting has told, with their counts. */
  readonly notes: { readonly code: string; readonly counts: Readonly<Record<string, number>> }[];
  /** Masks made so far. */
  readonly masks: () => number;
  /** @param turn - as its intake would say it; of the first round by default */
  accept(update: SimulatedUpdate, turn?: Pick<Promised, 'round' | 'by'>): Promise<Promised>;
  fate(tracker: Tracker): Promise<string>;
  stop(): Promise<void>;
}

/** The Redis of a world's box. */
export function boxRedis(world: ServerWorld, name: string): Promise<PrivateRedis> {
  return startPrivateRedis(join(world.folder, name));
}

/** Starts a box in this process, and waits until it has read the chain. @param index - 0 or 1 @param redis - URL; boxes of one index may share it */
export async function startPostingBox(world: ServerWorld, index: 0 | 1, redisUrl: string): Promise<PostingBox> {
  const { box, parts, ended } = await openPostingBox(world, index, redisUrl);
  const posting = postForever(parts, ended.signal);
  const stop = async (): Promise<void> => {
    ended.abort();
    // It gives its lease up, for which it needs the store.
    await posting;
    await box.stop();
  };
  return { ...box, stop };
}

/** A box that follows the chain and posts nothing by itself, and what posting for it takes. */
export async function openPostingBox(
  world: ServerWorld,
  index: 0 | 1,
  redisUrl: string,
): Promise<{ readonly box: PostingBox; readonly parts: PostingParts; readonly ended: AbortController }> {
  const { made, trapdoor } = world;
  const config = toConfig(made.definition);
  const sender = made.sender(at(BOXES, index));
  const redis = await connectRedis(redisUrl, () => undefined);
  const context = {
    ...{ chainId: made.at.connection.chainId, election: made.at.election },
    definitionHash: definitionHash(made.definition),
  };
  const store = await openStore(redis, context, at(config.boxes, index));
  const newest = async (): Promise<number> => Number(await made.at.connection.rpc.getBlockNumber());
  const followed = followedElection(store, config, newest);
  const ended = new AbortController();
  const notes: PostingBox['notes'] = [];
  const prove = simulatedMasks(trapdoor);
  let masks = 0;
  const parts: PostingParts = {
    ...{ store, followed, at: made.at, config, sender, random: randomBytes, windowSeconds: 0.3 },
    findPoll: await openPolls(made.at, config),
    proveMask: (...job: Parameters<ProveMask>) => ((masks += 1), prove(...job)),
    note: (code: string, counts: Readonly<Record<string, number>> = {}) => void notes.push({ code, counts }),
  };
  const following = followForever(made.at, settledState(store, followed.state), ended.signal, (code) =>
    parts.note(code),
  );
  await until(async () => followed.facts().sealed !== null && (await redis.exists(KEYS.resync)) === 0);
  const box: PostingBox = {
    ...{ store, followed, notes, masks: () => masks },
    accept: ({ file, after }, turn = { round: 0, by: 0 }) =>
      acceptUpdate(
        store,
        {
          ...{ poll: file.poll, slot: after.nullifier, first: file.first, words: decodeHex(file.words) },
          ...{ head: after.previousHead, next: after.head, ...turn },
        },
        true,
      ),
    fate: async (tracker) => {
      const fate = await findFate(store, tracker);
      return [fate?.state, fate?.code].filter((each) => each !== undefined && each !== '').join(' ');
    },
    stop: async () => {
      ended.abort();
      await following;
      await redis.close();
    },
  };
  return { box, parts, ended };
}

/** Waits until something holds. @throws after `seconds` */
export async function until(holds: () => Promise<boolean> | boolean, seconds = 240): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
