import { setTimeout as pause } from 'node:timers/promises';
import { isTransient } from '../../http/ballot-box.ts';

/** Milliseconds before the first question is repeated. */
const SOON = 500;
/** Questions in a row that a service may leave unanswered. */
const PATIENCE = 10;

/**
 * Asks a service again and again, the first times soon, later rarely.
 *
 * @param rarely - milliseconds between two questions in the end
 * @returns the first answer that is the last word
 * @throws what the service answers, and what keeps it from answering {@link PATIENCE} times in a row
 */
export async function askUntil<T>(look: () => Promise<T>, isOver: (answer: T) => boolean, rarely: number): Promise<T> {
  let wait: number = SOON;
  let silent = 0;
  for (;;) {
    try {
      const answer = await look();
      if (isOver(answer)) return answer;
      silent = 0;
    } catch (error) {
      if (!isTransient(error) || ++silent >= PATIENCE) throw error;
    }
    await pause(wait);
    wait = Math.min(1.5 * wait, rarely);
  }
}
