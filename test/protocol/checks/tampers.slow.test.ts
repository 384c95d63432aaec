import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runChecks } from '../../../protocol/checks/run.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { stream } from './world/random.ts';
import { recordOf } from './world/forge.ts';
import { tampered } from './world/tamper.ts';
import { TAMPERS } from './world/tampers.ts';
import { buildWorld } from './world/world.ts';
import type { World } from './world/world.ts';

let world: World;

beforeAll(async () => {
  world = await buildWorld();
});
afterAll(terminate);

describe('runChecks on a tampered record', () => {
  it.each(TAMPERS.map((tamper) => [tamper.check, tamper.lie, tamper] as const))(
    'check %d finds that %s',
    async (check, _, tamper) => {
      const forgery = await tampered(world, tamper);
      const { checks } = await runChecks(recordOf(forgery), forgery.evidence);
      const failed = checks.filter(({ ok }) => !ok);
      expect(failed.map(({ number, detail }) => `${number} ${detail}`)[0]).toMatch(new RegExp(`^${check} `));
      expect(failed.map(({ number }) => number)).toEqual([check, ...(tamper.also ?? [])]);
    },
  );

  it('check 7 finds that a registered member was replaced by another, all roots following', async () => {
    const impostor = createIdentity(stream('impostor')(32)).commitment;
    const forged = await buildWorld({
      change: (members) =>
        members.map((list, district) =>
          district === 2 ? [...list.slice(0, 1), impostor].sort((a, b) => (a < b ? -1 : 1)) : list,
        ),
    });
    const { checks } = await runChecks(forged.entries, forged.evidence);
    expect(checks.filter(({ ok }) => !ok).map(({ number }) => number)).toEqual([7]);
  });

  it('has at least two lies for every check', () => {
    for (let number = 1; number <= 19; number++) {
      expect(TAMPERS.filter(({ check }) => check === number).length).toBeGreaterThanOrEqual(2);
    }
  });
});
