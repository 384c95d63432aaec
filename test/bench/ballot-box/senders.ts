import { setTimeout as pause } from 'node:timers/promises';
import type { SimulatedUpdate } from '../../server/simulated-voters.ts';
import type { Answer } from './connections.ts';
import type { Connections } from './connections.ts';

/** An answer with the times, in milliseconds of one clock, at which it was asked for and came. */
export interface TimedAnswer extends Answer {
  readonly sent: number;
  readonly answered: number;
}

/** Milliseconds between two handfuls of an offer. */
const HANDFUL = 20;

/**
 * Hands in updates, taken from the end of `updates`, `count` at a time, until `enough` says so or none is left. What is not accepted goes back.
 */
export async function sendSome(
  connections: Connections,
  count: number,
  updates: SimulatedUpdate[],
  enough: () => boolean,
  accepted: () => void,
): Promise<void> {
  const sender = async (): Promise<void> => {
    while (!enough()) {
      const update = updates.pop();
      if (update === undefined) return;
      const { status } = await connections.post(update.body);
      if (status === 202) accepted();
      else updates.unshift(update);
    }
  };
  await Promise.all(Array.from({ length: count }, sender));
}

/**
 * Hands in so many updates a second, whether or not the others were answered: a crowd does not wait for anybody. Updates come from the end of `updates`,
 * and go back if they are not accepted.
 *
 * @returns all answers, once there are, in the order in which they were asked for
 */
export async function offer(
  connections: Connections,
  updates: SimulatedUpdate[],
  perSecond: number,
  seconds: number,
): Promise<readonly TimedAnswer[]> {
  const asked: Promise<TimedAnswer>[] = [];
  const ask = async (update: SimulatedUpdate): Promise<TimedAnswer> => {
    const sent = performance.now();
    const answer = await connections.post(update.body);
    if (answer.status !== 202) updates.unshift(update);
    return { ...answer, sent, answered: performance.now() };
  };
  const start = performance.now();
  for (let passed = 0; passed < 1000 * seconds; passed = performance.now() - start) {
    while (asked.length < (perSecond * passed) / 1000) {
      const update = updates.pop();
      if (update === undefined) break;
      asked.push(ask(update));
    }
    await pause(HANDFUL);
  }
  return Promise.all(asked);
}
