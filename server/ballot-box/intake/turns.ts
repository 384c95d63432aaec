/** Milliseconds in which a turn of the event loop does nothing. */
const NOTHING = 0.1;

/**
 * Work that is done piece by piece, in the order in which it came; after each, everything else has the event loop for as long as that took, if there is anything.
 *
 * Node takes over one connection a turn of the loop, and a batch of proofs ends all at once: were its receipts signed in one go, or one a turn, then voters could
 * connect no faster than others are done, and would wait where nobody tells them to come again.
 *
 * @param now - a clock in milliseconds
 * @returns a function that rejects with what the work throws
 */
export function createTurns(now: () => number = () => performance.now()): <T>(work: () => T) => Promise<T> {
  const waiting: (() => void)[] = [];
  let [took, ended, last] = [0, 0, 0];
  const turn = (): void => {
    const start = now();
    const isIdle = start - last < NOTHING;
    last = start;
    if (isIdle || start - ended >= took) {
      waiting.shift()?.();
      last = ended = now();
      took = ended - start;
    }
    if (waiting.length > 0) setImmediate(turn);
  };
  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error as Error);
        }
      });
      if (waiting.length > 1) return;
      last = now();
      setImmediate(turn);
    });
}
