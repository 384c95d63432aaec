import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runChecks } from '../../../protocol/checks/run.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { copyOf, recordOf } from './world/forge.ts';
import { TAMPERS_BEFORE } from './world/tampers-before.ts';
import { TAMPERS_COUNT } from './world/tampers-count.ts';
import { TAMPERS_VOTING } from './world/tampers-voting.ts';
import { buildWorld } from './world/world.ts';
import type { World } from './world/world.ts';

const TAMPERS = [...TAMPERS_BEFORE, ...TAMPERS_VOTING, ...TAMPERS_COUNT];
let world: World;

beforeAll(async () => {
  world = await buildWorld();
});
afterAll(terminate);

describe('runChecks on a tampered record', () => {
  it.each(TAMPERS.map((tamper) => [tamper.check, tamper.lie, tamper] as const))(
    'check %d finds that %s',
    async (check, _, tamper) => {
      const forgery = copyOf(world);
      await tamper.forge(forgery);
      const { checks } = await runChecks(recordOf(forgery), forgery.evidence);
      const failed = checks.filter(({ ok }) => !ok);
      expect(failed.map(({ number, detail }) => `${number} ${detail}`)[0]).toMatch(new RegExp(`^${check} `));
      expect(failed.map(({ number }) => number)).toEqual([check, ...(tamper.also ?? [])]);
    },
  );

  it('has at least two lies for every check', () => {
    for (let number = 1; number <= 18; number++) {
      expect(TAMPERS.filter(({ check }) => check === number).length).toBeGreaterThanOrEqual(2);
    }
  });
});
