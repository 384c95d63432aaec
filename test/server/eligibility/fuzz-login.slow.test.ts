import type { ChildProcess } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { wordHex } from '../../../protocol/encoding.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { freePort } from '../../client/walks/service-process.ts';
import { codeOf, faultOf, send } from '../fuzz/answers.ts';
import type { Described } from '../fuzz/described.ts';
import { fuzzRoutes } from '../fuzz/fuzz-routes.ts';
import { fuzzBody } from '../fuzz/one-change.ts';
import { describedAt, expectDescribed } from '../fuzz/routes.ts';
import { Browser } from './browser.ts';
import { startSecondFactor } from './start-provider.ts';
import type { TokenProxy } from './token-proxy.ts';
import { startTokenProxy } from './token-proxy.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const SALT = wordHex(77n);

// Minutes where other work has the cores.
jest.setTimeout(600_000);

let world: RegistrarWorld;
let provider: ChildProcess;
let proxy: TokenProxy;
let service: EligibilityService;
let url: string;
let document: Described;

beforeAll(async () => {
  world = await openRegistration([2, 1], (definition) => (definition['assurance'] = 'two-office'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  proxy = await startTokenProxy();
  const factor = await startSecondFactor(world, `${url}/v1/oidc/callback`, ['anna'], proxy.url);
  provider = factor.process;
  proxy.target = factor.address;
  const settings = { ...world.settings, port, connectionRate: 10_000, ...factor.settings };
  service = await createEligibility(settings, { write: () => undefined });
  await service.app.server.listen({ host: '127.0.0.1', port });
  document = await describedAt(url);
}, 300_000);
afterAll(async () => {
  provider.kill('SIGKILL');
  proxy.stop();
  await service.app.server.close();
  await service.close();
  await world.close();
});

/** What a browser brings back from a login. */
interface Back {
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly cookie: string;
}

/** Somebody has logged in at the provider and is on the way back. */
async function loggedIn(): Promise<Back> {
  const browser = new Browser();
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ ...bodyOf(world.sign(world.voter(0, 0))), salt: SALT });
  const answer = await browser.fetch(`${url}/v1/registrations`, { method: 'POST', headers, body });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { login } = (await answer.json()) as { readonly login: string };
  const callback = new URL(await browser.logIn(login, 'anna', `${url}/v1/oidc/callback`));
  return { query: [...callback.searchParams], cookie };
}

type Change = (back: Back) => Back;

const ODD = fc.oneof(
  fc.constantFrom('', '0', '\u0000', 'x'.repeat(4_097), '\ud800', '../..', '0'.repeat(64), 'f'.repeat(64)),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const NAME = fc.constantFrom('state', 'code', 'iss');

/** What makes a callback one that must not be taken. */
const CHANGES: fc.Arbitrary<Change> = fc.oneof(
  NAME.map((name): Change => ({ query, cookie }) => ({ cookie, query: query.filter(([each]) => each !== name) })),
  fc.tuple(NAME, ODD).map(([name, odd]): Change => ({ query, cookie }) => ({
    cookie,
    query: query.map(([each, value]) => [each, each === name ? odd : value]),
  })),
  fc.tuple(NAME, ODD).map(([name, odd]): Change => ({ query, cookie }) => ({ cookie, query: [...query, [name, odd]] })),
  fc
    .constantFrom('access_denied', 'server_error', 'x y', '\u0000')
    .map((error): Change => ({ query, cookie }) => ({ cookie, query: [...query, ['error', error]] })),
  fc
    .constantFrom('', 'urna-login=', 'urna-login=%00', `urna-login=${'0'.repeat(64)}`, 'other=1', '=;=;;')
    .map((cookie): Change => ({ query }) => ({ query, cookie })),
);

async function comeBack({ query, cookie }: Back, accept = '*/*'): Promise<Awaited<ReturnType<typeof send>>> {
  const path = `/v1/oidc/callback?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`;
  const headers = { accept, ...(cookie === '' ? {} : { cookie }) };
  return send(url, { method: 'GET', path, headers, body: undefined });
}

describe('a provider that cannot work', () => {
  const says =
    (status: number, type: string, body: string) =>
    (answer: ServerResponse): void =>
      void answer.writeHead(status, { 'content-type': type }).end(body);

  afterEach(() => (proxy.instead = undefined));

  it.each([
    ['answers with a page', says(503, 'text/html', '<h1>Maintenance</h1>')],
    ['answers as OAuth has it', says(500, 'application/json', '{"error":"server_error"}')],
    ['is asked too much', says(429, 'application/json', '{"error":"temporarily_unavailable"}')],
    ['breaks off', (answer: ServerResponse): void => void answer.destroy()],
  ])('is told apart from one that refuses, where it %s', async (_, instead) => {
    const back = await loggedIn();
    proxy.instead = instead;
    const answer = await comeBack(back);
    expect([answer.status, codeOf(answer), faultOf(answer)]).toEqual([503, 'second-factor/provider', undefined]);
  });

  it('is told apart, too, where it says so through the browser', async () => {
    const { query, cookie } = await loggedIn();
    const kept = query.filter(([name]) => name !== 'code');
    const answer = await comeBack({ cookie, query: [...kept, ['error', 'temporarily_unavailable']] });
    expect([answer.status, codeOf(answer)]).toEqual([503, 'second-factor/provider']);
  });

  it('refuses a code that it does not know, all the same', async () => {
    const back = await loggedIn();
    proxy.instead = says(400, 'application/json', '{"error":"invalid_grant"}');
    expect(codeOf(await comeBack(back))).toBe('second-factor/refused');
  });
});

describe('eligibility server with a second factor', () => {
  it('has the routes of DESIGN §4 and describes them in valid OpenAPI', async () => {
    await expectDescribed('eligibility', document, service.app.server, true);
  });

  it('begins no login for a registration with anything changed', async () => {
    const good = { ...bodyOf(world.sign(world.voter(0, 1))), salt: SALT };
    const codes = await fuzzBody(url, document, '/v1/registrations', good, 200, ['salt']);
    const deep = ['registration/credential', 'registration/signature'];
    expect([...codes]).toEqual(expect.arrayContaining(['request/schema', ...deep]));
  });

  it('takes no callback with anything changed, and answers each with a problem of SPEC §16', async () => {
    const codes = new Set<string>();
    const property = fc.asyncProperty(CHANGES, async (change) => {
      const answer = await comeBack(change(await loggedIn()));
      const fault = faultOf(answer) ?? (answer.status < 400 ? 'it is taken' : undefined);
      if (fault !== undefined) throw new Error(`the callback: ${fault}`);
      codes.add(codeOf(answer));
    });
    await fc.assert(property, { numRuns: 80 });
    const deep = ['second-factor/browser', 'second-factor/refused', 'second-factor/state'];
    expect([...codes]).toEqual(expect.arrayContaining(['request/schema', ...deep]));
    const standing = await fetch(`${url}/v1/registrations/${world.voter(0, 0).key}`);
    expect(await standing.json()).toEqual({ state: 'none' });
    expect((await comeBack(await loggedIn())).status).toBe(200);
  });

  it('answers whatever it is sent with what was asked or a problem of SPEC §16', async () => {
    const state = ['0'.repeat(64)];
    expect(await fuzzRoutes(url, document, 60, { state })).toBe(660);
    expect((await fetch(`${url}/v1/healthz`)).status).toBe(200);
  });
});
