import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';

/** Told of each thing that a store is asked for, before it is asked: a command's name, or a script's hash. What it throws, the asker gets. */
export type Watch = (asked: string) => void | Promise<void>;

/** The same store, with somebody who watches what it is asked for, and may have it fail. @param after - told once the store has done it */
export function watchedStore({ redis, bytes }: BoxStore, watch: Watch, after: Watch = () => undefined): BoxStore {
  return { redis: watched(redis, watch, after), bytes: watched(bytes, watch, after) };
}

function watched<T extends object>(client: T, watch: Watch, after: Watch): T {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...args: unknown[]) => unknown;
      // Iterators ask by the commands of the client that they belong to.
      if (typeof name !== 'string' || name.endsWith('Iterator')) return call;
      return async (...args: unknown[]) => {
        const asked = /^eval/u.test(name) ? String(args[0]) : name;
        await watch(asked);
        const answer = await call(...args);
        await after(asked);
        return answer;
      };
    },
  });
}
