import { asking } from '../../../contracts/client/connection.ts';
import type { Connection } from '../../../contracts/client/connection.ts';

/** Milliseconds for which an answer is used again. */
const FRESH = 250;

/** Block time of the newest block, Unix seconds. */
export type BlockTime = () => Promise<number>;

/**
 * The chain's time as the node tells it, asked at most some times a second. While the node is out of reach it is the last that was told: a
 * chain that stands still has no later time, and a box that only cannot see it goes on taking what was in time then.
 *
 * @returns a function that throws `chain/*` only as long as no time is known
 */
export function blockTimeOf({ rpc }: Pick<Connection, 'rpc'>): BlockTime {
  let last: number | undefined;
  let asked = -Infinity;
  let asks: Promise<number> | undefined;
  const ask = async (): Promise<number> => {
    try {
      last = Number((await asking(rpc.getBlock())).timestamp);
    } catch (error) {
      if (last === undefined) throw error;
    } finally {
      asked = performance.now();
      asks = undefined;
    }
    return last;
  };
  return () => {
    if (last !== undefined && performance.now() - asked < FRESH) return Promise.resolve(last);
    return (asks ??= ask());
  };
}
