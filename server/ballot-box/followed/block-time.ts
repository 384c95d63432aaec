import { asking } from '../../../contracts/client/connection.ts';
import type { Connection } from '../../../contracts/client/connection.ts';

/** Milliseconds for which an answer is used again. */
const FRESH = 250;

/** What a box knows of the chain's time. */
export interface ChainTime {
  /** Block time of the newest block, Unix seconds; what it may have become since, where the node does not tell. */
  readonly time: number;
  /** Seconds for which the node has not told it; 0 as long as it answers. */
  readonly silence: number;
}

/** The chain's time as the node tells it. */
export type BlockTime = () => Promise<ChainTime>;

/**
 * The chain's time, asked at most some times a second. While the node is out of reach it goes on by this machine's clock from the last that was told: a
 * chain that only this box cannot see does not wait for it.
 *
 * @param now - a clock in milliseconds
 * @returns a function that throws `chain/*` only as long as no time is known
 */
export function blockTimeOf(
  { rpc }: { readonly rpc: Pick<Connection['rpc'], 'getBlock'> },
  now: () => number = () => performance.now(),
): BlockTime {
  let told: { readonly time: number; readonly at: number } | undefined;
  let asked = -Infinity;
  let asks: Promise<ChainTime> | undefined;
  const known = (): ChainTime | undefined => {
    if (told === undefined) return undefined;
    // What was told by the last answer is the newest there is.
    const silence = told.at === asked ? 0 : (now() - told.at) / 1000;
    return { time: Math.floor(told.time + silence), silence };
  };
  const ask = async (): Promise<ChainTime> => {
    try {
      const { timestamp } = await asking(rpc.getBlock());
      asked = now();
      told = { time: Number(timestamp), at: asked };
      return { time: told.time, silence: 0 };
    } catch (error) {
      asked = now();
      const last = known();
      if (last === undefined) throw error;
      return last;
    } finally {
      asks = undefined;
    }
  };
  return () => {
    const last = known();
    if (last !== undefined && now() - asked < FRESH) return Promise.resolve(last);
    return (asks ??= ask());
  };
}
