import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import type { Tracker } from '../../../server/ballot-box/store/updates.ts';

/** What is stored of an update: names and sizes of all members and of its entry in the stream (`u.…`), in their order; bytes of memory; seconds to live, -1 for ever. */
export interface Stored {
  readonly tracker: Tracker;
  readonly sizes: readonly (readonly [string, number])[];
  readonly memory: number | null;
  readonly seconds: number;
}

export async function storedOf({ redis, bytes }: BoxStore, tracker: Tracker): Promise<Stored> {
  const key = `${KEYS.update}${tracker}`;
  const members = Object.entries(await bytes.hGetAll(key));
  const id = members.find(([name]) => name === 'i')?.[1].toString() ?? '0';
  const entries = (await bytes.xRange(KEYS.updates, id, id)) ?? [];
  const body = entries
    .flatMap(({ message }) => Object.entries(message))
    .map(([name, value]) => [`u.${name}`, value] as const);
  return {
    tracker,
    sizes: [...members, ...body].map(([name, value]) => [name, value.length] as const),
    memory: await redis.memoryUsage(key),
    seconds: await redis.ttl(key),
  };
}

/** By what stored updates can be told apart, whose they are aside: one where they cannot. */
export function shapesOf(stored: readonly Stored[]): Set<string> {
  return new Set(stored.map(({ sizes, memory, seconds }) => JSON.stringify({ sizes, memory, seconds })));
}
