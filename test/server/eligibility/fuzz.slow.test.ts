import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import type { Described } from '../fuzz.ts';
import { fuzzRoutes } from '../fuzz.ts';
import type { RegistrarWorld } from './world.ts';
import { openRegistration } from './world.ts';

let world: RegistrarWorld;
let service: EligibilityService;
let url: string;
beforeAll(async () => {
  world = await openRegistration();
  service = await createEligibility({ ...world.settings, connectionRate: 10_000 }, { write: () => undefined });
  const listening = { host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' };
  url = await service.app.server.listen(listening);
});
afterAll(async () => {
  await service.app.server.close();
  await service.close();
  await world.close();
});

describe('eligibility server', () => {
  it('answers whatever it is sent with what was asked or a problem of SPEC §16', async () => {
    const document = service.app.server.swagger() as unknown as Described;
    expect(await fuzzRoutes(url, document, 200)).toBeGreaterThan(600);
    expect((await fetch(`${url}/v1/healthz`)).status).toBe(200);
  });
});
