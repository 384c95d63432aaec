import { describe, expect, it } from '@jest/globals';
import { Admission } from '../../../server/ballot-box/intake/admission.ts';

interface Work {
  readonly end: () => void;
  readonly done: Promise<unknown>;
}

/** Works until the test ends it. */
function enter(admission: Admission): Work {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end: () => end(), done: admission.work(() => ended) };
}

function enterAll(admission: Admission, count: number): Work[] {
  return Array.from({ length: count }, () => enter(admission));
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: unknown) => String((error as { code?: string }).code),
  );
}

describe('Admission', () => {
  it('lets in as many as it may, and others when those are done or have failed', async () => {
    const admission = new Admission(2);
    const [first] = enterAll(admission, 1);
    const failing = admission.work(() => Promise.reject(new Error('this one fails')));
    expect([admission.isFull, admission.size]).toEqual([true, 2]);
    let worked = false;
    const refused = admission.work(async () => void (worked = true));
    expect([await codeOf(refused), worked]).toEqual(['busy/proofs', false]);
    await expect(failing).rejects.toThrow('this one fails');
    expect(await admission.work(() => Promise.resolve(7))).toBe(7);
    first?.end();
    await first?.done;
    expect(admission.size).toBe(0);
  });

  it('tells the time that it then takes', async () => {
    let clock = 0;
    const admission = new Admission(3_000, () => clock);
    const inside = enterAll(admission, 3_000);
    const endOne = async (milliseconds: number): Promise<void> => {
      clock += milliseconds;
      const work = inside.shift();
      work?.end();
      await work?.done;
    };
    // 64 a second, before anything was measured.
    expect(admission.secondsToWait).toBe(Math.ceil(3_000 / 64));
    for (let i = 0; i < 500; i++) await endOne(40);
    expect(admission.secondsToWait).toBe(100);
    inside.push(...enterAll(admission, 500));
    // It has become ten times faster.
    for (let i = 0; i < 1_500; i++) await endOne(4);
    const wait = 1_500 * 0.004;
    expect(admission.secondsToWait).toBeGreaterThanOrEqual(wait);
    expect(admission.secondsToWait).toBeLessThan(2 * wait);
    for (const { end } of inside) end();
    await Promise.all(inside.map(({ done }) => done));
  });

  it('does not take its leisure for its speed', async () => {
    let clock = 0;
    const admission = new Admission(128, () => clock);
    for (let i = 0; i < 10; i++) {
      await admission.work(async () => void (clock += 60_000));
      clock += 3_600_000;
    }
    const inside = enterAll(admission, 128);
    expect(admission.secondsToWait).toBe(2);
    for (const { end } of inside) end();
    await Promise.all(inside.map(({ done }) => done));
  });
});
