import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Described } from '../fuzz.ts';
import { fuzzRoutes } from '../fuzz.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import type { TestBox } from './box.ts';
import { startBox } from './box.ts';

let world: ServerWorld;
let box: TestBox;
beforeAll(async () => {
  world = await openWorld();
  box = await startBox(world, 0, { connectionRate: 10_000 });
});
afterAll(async () => {
  await box.close();
  await world.close();
});

describe('ballot box', () => {
  it('answers whatever it is sent with a receipt, a fate or a problem of SPEC §16', async () => {
    const document = box.service.app.server.swagger() as unknown as Described;
    expect(await fuzzRoutes(box.url, document, 200)).toBeGreaterThan(300);
    expect((await fetch(`${box.url}/v1/healthz`)).status).toBe(200);
  });
});
