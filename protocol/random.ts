import { decodeNumber } from './encoding.ts';
import { require } from './errors.ts';

/** `length` bytes of the platform's CSPRNG (or of a fixed stream, in vectors). Passed in: protocol/ draws nothing itself. */
export type RandomBytes = (length: number) => Uint8Array;

/** Uniform in [0, bound), by rejection. @param bound - 1 … 2^48 @throws `internal/random` */
export function randomBelow(random: RandomBytes, bound: number): number {
  require(Number.isInteger(bound) && bound > 0 && bound <= 2 ** 48, 'internal/random', 'bound must be in 1 … 2^48');
  const limit = 2 ** 48 - (2 ** 48 % bound);
  for (;;) {
    const value = Number(decodeNumber(random(6)));
    if (value < limit) return value % bound;
  }
}

/** A copy of `items` in uniformly random order (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: RandomBytes): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomBelow(random, i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}
