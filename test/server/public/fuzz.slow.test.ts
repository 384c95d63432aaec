import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PublicService } from '../../../server/public/service.ts';
import type { Described } from '../fuzz/described.ts';
import { fuzzRoutes } from '../fuzz/fuzz-routes.ts';
import { describedAt, expectDescribed } from '../fuzz/routes.ts';
import { PublicWorld } from './public-world.ts';

// Minutes where other work has the cores.
jest.setTimeout(600_000);

let world: PublicWorld;
let service: PublicService;
let address: string;
let document: Described;

beforeAll(async () => {
  world = await PublicWorld.open();
  service = await world.service();
  address = await service.server.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
  document = await describedAt(address);
  await world.vote();
  await world.caughtUp(service);
});
afterAll(async () => {
  await world.end(service);
  await world.stop();
});

describe('public service', () => {
  it('has the routes of DESIGN §4 and describes them in valid OpenAPI', async () => {
    await expectDescribed('public', document, service.server);
  });

  it('answers whatever it is sent with what was asked or a problem of SPEC §16', async () => {
    const names = {
      ...{ segment: ['000000.jsonl.gz'], name: ['north.json', 'vkey.json'], circuit: ['ballot-2'], level: ['0', '1'] },
      ...{ poll: ['0', '1'], group: ['0'], district: ['0', '1'], index: ['0'] },
    };
    const routes = Object.keys(document.paths).length;
    expect(await fuzzRoutes(address, document, 120, names)).toBe(120 * routes);
    expect((await fetch(`${address}/v1/healthz`)).status).toBe(200);
  });
});
