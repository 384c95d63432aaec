import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCheck, runChecks } from '../../../protocol/checks/run.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { copyOf, recordOf } from './world/forge.ts';
import { GUARDS } from './world/guards.ts';
import { stream } from './world/random.ts';
import { UNUSUAL, corrected } from './world/unusual.ts';
import { buildWorld } from './world/world.ts';
import type { World } from './world/world.ts';

let world: World;

beforeAll(async () => {
  world = await buildWorld();
});
afterAll(terminate);

describe('each guard of the checks', () => {
  it.each(GUARDS)('check %d says: %s', async (check, sentence, forge) => {
    const forgery = copyOf(world);
    await forge(forgery);
    const result = await runCheck(check, recordOf(forgery), forgery.evidence);
    expect(result).toMatchObject({ number: check, ok: false, detail: expect.stringContaining(sentence) });
  });
});

describe('check 7', () => {
  it('finds that a registered member was replaced by another, all roots following', async () => {
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
});

describe('each check on what is unusual', () => {
  it.each(UNUSUAL)('check %d says nothing: %s', async (check, _, forge) => {
    const forgery = copyOf(world);
    await forge(forgery);
    const result = await runCheck(check, recordOf(forgery), forgery.evidence);
    expect(result).toMatchObject({ number: check, ok: true });
  });

  it('no check says anything of a first version that was wrong and put right by the second', async () => {
    const forgery = copyOf(world);
    await corrected(forgery);
    const { checks } = await runChecks(recordOf(forgery), forgery.evidence);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});
