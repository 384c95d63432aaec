import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readNewestVersion } from '../../../contracts/client/roll.ts';
import { challengeJson, challengeId, signChallenge } from '../../../protocol/credentials/challenge.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import type { Described } from '../fuzz/described.ts';
import { fuzzRoutes } from '../fuzz/fuzz-routes.ts';
import type { Body } from '../fuzz/one-change.ts';
import { fuzzBody } from '../fuzz/one-change.ts';
import { describedAt, expectDescribed } from '../fuzz/routes.ts';
import { eventually } from './eventually.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

// Minutes where other work has the cores.
jest.setTimeout(600_000);

let world: RegistrarWorld;
let service: EligibilityService;
let url: string;
let document: Described;
beforeAll(async () => {
  world = await openRegistration();
  service = await createEligibility({ ...world.settings, connectionRate: 10_000 }, { write: () => undefined });
  const listening = { host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' };
  url = await service.app.server.listen(listening);
  document = await describedAt(url);
});
afterAll(async () => {
  await service.app.server.close();
  await service.close();
  await world.close();
});

async function post(path: string, body: Body): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

describe('eligibility server', () => {
  it('has the routes of DESIGN §4 and describes them in valid OpenAPI', async () => {
    await expectDescribed('eligibility', document, service.app.server);
  });

  it('takes no registration with anything changed', async () => {
    const registration = bodyOf(world.sign(world.voter(0, 1)));
    const codes = await fuzzBody(url, document, '/v1/registrations', registration, 300);
    const deep = ['registration/credential', 'registration/signature'];
    expect([...codes]).toEqual(expect.arrayContaining(['request/schema', ...deep]));
    expect(await post('/v1/registrations', registration)).toBe(202);
  });

  it('answers whatever it is sent with what was asked or a problem of SPEC §16', async () => {
    const credentialKey = [world.voter(0, 1).key, world.voter(0, 2).key, world.spare(0).key];
    expect(await fuzzRoutes(url, document, 200, { credentialKey })).toBe(2000);
    expect((await fetch(`${url}/v1/healthz`)).status).toBe(200);
  });
});

describe('eligibility server, once the roll is published', () => {
  const claim = { district: 0, version: 1, claim: 'omitted', commitment: 5n as Field } as const;
  beforeAll(async () => {
    await world.chain.advanceTo(world.made.definition.times.registrationCloses);
    await eventually(async () => ((await readNewestVersion(world.made.at))?.completedAt ?? 0) > 0);
  });

  it('takes no challenge with anything changed', async () => {
    const challenge = challengeJson(signChallenge(world.context, world.voter(0, 2).credential, claim)) as Body;
    const codes = await fuzzBody(url, document, '/v1/challenges', challenge, 300);
    const deep = ['registration/credential', 'challenge/signature'];
    expect([...codes]).toEqual(expect.arrayContaining(['request/schema', ...deep]));
    expect(await post('/v1/challenges', challenge)).toBe(202);
  });

  it('answers whatever it is sent with what was asked or a problem of SPEC §16', async () => {
    const id = challengeId(signChallenge(world.context, world.voter(0, 2).credential, claim));
    const names = { id: [id], version: ['1'], district: ['0', '1'], level: ['0', '1'], index: ['0'] };
    expect(await fuzzRoutes(url, document, 100, names)).toBe(1000);
    expect((await fetch(`${url}/v1/healthz`)).status).toBe(200);
  });
});
