import { batchCapacity } from '../../../contracts/ballots/batch.ts';
import type { Config } from '../../../protocol/config/config.ts';
import type { BoxStore } from '../store/box-store.ts';
import { queueSeconds } from '../store/throughput.ts';

/** Milliseconds for which an answer is used again. */
const FRESH = 250;

/** Seconds that it takes a box to send what waits for the chain and is on its way. */
export type QueueTime = () => Promise<number>;

/** What {@link queueSeconds} says, asked at most some times a second. Until a rate was measured, a transaction of the smallest batch a window is assumed. */
export function queueTimeOf(store: BoxStore, { contests, polls }: Config, windowSeconds: number): QueueTime {
  const assumed = Math.min(...contests.map(({ lanes }) => batchCapacity(lanes))) / windowSeconds;
  let asked = -Infinity;
  let answer = Promise.resolve(0);
  return () => {
    if (performance.now() - asked >= FRESH) {
      asked = performance.now();
      answer = queueSeconds(store, polls.length, assumed);
    }
    return answer;
  };
}
