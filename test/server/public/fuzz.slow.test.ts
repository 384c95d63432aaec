import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PublicService } from '../../../server/public/service.ts';
import type { Described } from '../fuzz.ts';
import { fuzzRoutes } from '../fuzz.ts';
import { PublicWorld } from './public-world.ts';

let world: PublicWorld;
let service: PublicService;
let address: string;

beforeAll(async () => {
  world = await PublicWorld.open();
  service = await world.service();
  address = await service.server.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
  await world.vote();
  await world.caughtUp(service);
});
afterAll(async () => {
  await world.end(service);
  await world.stop();
});

describe('public service', () => {
  it('answers whatever it is sent with what was asked or a problem of SPEC §16', async () => {
    const document = service.server.swagger() as unknown as Described;
    expect(await fuzzRoutes(address, document, 150)).toBeGreaterThan(2_000);
    expect((await fetch(`${address}/v1/healthz`)).status).toBe(200);
  });
});
