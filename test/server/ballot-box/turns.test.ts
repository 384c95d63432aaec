import { describe, expect, it } from '@jest/globals';
import { createTurns } from '../../../server/ballot-box/intake/turns.ts';

/** Does three pieces of work that take 10 ms each, beside something else in every turn. @returns what happened, in order */
async function besides(milliseconds: number): Promise<string> {
  let [clock, seen, done] = [0, '', false];
  const turns = createTurns(() => clock);
  const other = (): void => {
    clock += milliseconds;
    seen += '.';
    if (!done) setImmediate(other);
  };
  setImmediate(other);
  const works = [1, 2, 3].map((i) => turns(() => ((clock += 10), (seen += i), i)));
  expect(await Promise.all(works)).toEqual([1, 2, 3]);
  done = true;
  return seen;
}

describe('createTurns', () => {
  it('leaves others as much time as the work takes, between any two pieces', async () => {
    expect(await besides(3)).toBe('.1....2....3');
    expect(await besides(20)).toBe('.1.2.3');
  });

  it('leaves nobody time that nobody wants', async () => {
    expect(await besides(0.01)).toBe('.1.2.3');
  });

  it('goes on after work that fails, and takes work that comes later', async () => {
    const turns = createTurns();
    const failing = turns(() => {
      throw new Error('this one fails');
    });
    const next = turns(() => 'done');
    await expect(failing).rejects.toThrow('this one fails');
    expect(await next).toBe('done');
    expect(await turns(() => 'later')).toBe('later');
  });
});
