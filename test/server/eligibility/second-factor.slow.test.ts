import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { stateSubjects } from '../../../protocol/credentials/subjects.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { toField } from '../../../protocol/math/field.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import { sealSubjects } from '../../../server/eligibility/operator/seal-subjects.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { needsSecondFactor } from '../../../server/eligibility/settings.ts';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';
import { KEYS } from '../../../server/eligibility/store/keys.ts';
import { takeRevocation } from '../../../server/eligibility/store/register.ts';
import type { LoadedElection } from '../../../client/cli/election/definition-file.ts';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import type { AskLogin } from '../../../client/cli/voter/send-registration.ts';
import { sendRegistration } from '../../../client/cli/voter/send-registration.ts';
import { freePort } from '../../client/walks/service-process.ts';
import { Browser } from './browser.ts';
import { sealedSubjects } from './sealed-subjects.ts';
import { startSecondFactor } from './start-provider.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const SALT = wordHex(77n);
const PAGE = 'https://vote.example/registered';
const ELIGIBLE = ['anna', 'bert', 'cleo', 'dora', 'emil', 'finn', 'gwen'];

let world: RegistrarWorld;
let provider: ChildProcess;
let service: EligibilityService;
let settings: EligibilitySettings;
let registrations: string;

beforeAll(async () => {
  world = await openRegistration([8, 1], (definition) => (definition['assurance'] = 'two-office'));
  const port = await freePort();
  const oidcCallbackUrl = `http://127.0.0.1:${port}/v1/oidc/callback`;
  const factor = await startSecondFactor(world, oidcCallbackUrl, ELIGIBLE);
  provider = factor.process;
  settings = { ...world.settings, port, oidcReturnUrl: PAGE, ...factor.settings };
  service = await createEligibility(settings, { write: () => undefined });
  await service.app.server.listen({ host: '127.0.0.1', port });
  registrations = `http://127.0.0.1:${port}/v1/registrations`;
}, 300_000);
afterAll(async () => {
  provider.kill('SIGKILL');
  await service.app.server.close();
  await service.close();
  await world.close();
});

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Record<string, Json>;
}

async function answerOf(response: Response): Promise<Answer> {
  const body = parseJson(await response.text()) as Record<string, Json>;
  const code = String(body['type'] ?? '').replace('urn:urna:error:', '');
  return { status: response.status, code: code === '' ? undefined : code, body };
}

async function begin(browser: Browser, registration: Registration): Promise<string> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ ...bodyOf(registration), salt: SALT });
  const { status, body: answer } = await answerOf(await browser.fetch(registrations, { ...init, body }));
  expect([status, typeof answer['login']]).toEqual([202, 'string']);
  return String(answer['login']);
}

/** Registers in a browser as somebody. */
async function register(registration: Registration, name: string, browser = new Browser()): Promise<Answer> {
  const callback = await browser.logIn(await begin(browser, registration), name, settings.oidcCallbackUrl);
  return answerOf(await browser.fetch(callback));
}

async function stateOf(key: string): Promise<unknown> {
  return (await answerOf(await fetch(`${registrations}/${key}`))).body['state'];
}

const refused = (status: number, code: string): unknown => expect.objectContaining({ status, code });

describe('registration with a second factor', () => {
  it('gives the receipt to who has the credential and is eligible; again, without another login', async () => {
    const registration = world.sign(world.voter(0, 0));
    const { status, body } = await register(registration, 'anna');
    expect(status).toBe(200);
    readRegistrationReceipt(body, world.context, registration, world.made.definition.registrar);
    const again = await fetch(registrations, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ ...bodyOf(registration), salt: SALT }),
    });
    expect((await answerOf(again)).body).toEqual(body);
  });

  it('takes nothing before the login, and nothing without a salt', async () => {
    const registration = world.sign(world.voter(0, 1));
    await begin(new Browser(), registration);
    expect(await stateOf(registration.credentialKey)).toBe('none');
    const bare = await fetch(registrations, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(bodyOf(registration)),
    });
    expect(await answerOf(bare)).toEqual(refused(400, 'second-factor/salt'));
  });

  it('refuses who is not on the sealed list', async () => {
    const registration = world.sign(world.voter(0, 1));
    expect(await register(registration, 'mallory')).toEqual(refused(403, 'second-factor/not-eligible'));
    expect(await stateOf(registration.credentialKey)).toBe('none');
  });

  it('gives a person one credential, and a credential to one person', async () => {
    const [first, second] = [world.voter(0, 1), world.voter(0, 2)];
    expect(await register(world.sign(first), 'bert')).toMatchObject({ status: 200 });
    expect(await register(world.sign(second), 'bert')).toEqual(refused(403, 'second-factor/subject-taken'));
    expect(await register(world.sign(first, 2, toField(5n)), 'cleo')).toEqual(
      refused(403, 'second-factor/other-subject'),
    );
    expect(await register(world.sign(first, 2, toField(5n)), 'bert')).toMatchObject({ status: 200 });
  });

  it('lets a person go on with the credential that replaces a lost one', async () => {
    const [lost, next] = [world.voter(0, 3), world.spare(0)];
    expect(await register(world.sign(lost), 'cleo')).toMatchObject({ status: 200 });
    const { register: store } = service.eligibility;
    await takeRevocation(store, { district: 0, credentialKey: lost.key, replacement: next.key });
    expect(await register(world.sign(next), 'cleo')).toMatchObject({ status: 200 });
  });

  it('refuses a login that was made for another commitment: its nonce is another', async () => {
    const browser = new Browser();
    const login = new URL(await begin(browser, world.sign(world.voter(0, 4))));
    login.searchParams.set('nonce', 'f'.repeat(64));
    const callback = await browser.logIn(login.href, 'dora', settings.oidcCallbackUrl);
    expect(await answerOf(await browser.fetch(callback))).toEqual(refused(403, 'second-factor/refused'));
    expect(await stateOf(world.voter(0, 4).key)).toBe('none');
  });

  it('takes a callback once, and a code for its own login only', async () => {
    const browser = new Browser();
    const first = world.sign(world.voter(0, 4));
    const callback = await browser.logIn(await begin(browser, first), 'dora', settings.oidcCallbackUrl);
    // A second login of the same browser, to which the first one's code is handed.
    const other = new URL(await begin(browser, world.sign(world.voter(0, 5))));
    const mixed = new URL(callback);
    mixed.searchParams.set('state', other.searchParams.get('state')!);
    expect(await answerOf(await browser.fetch(mixed.href))).toEqual(refused(403, 'second-factor/refused'));
    const own = new Browser();
    const again = await own.logIn(await begin(own, first), 'dora', settings.oidcCallbackUrl);
    expect(await answerOf(await own.fetch(again))).toMatchObject({ status: 200 });
    expect(await answerOf(await own.fetch(again))).toEqual(refused(403, 'second-factor/state'));
  });

  it('refuses a login that was begun in another browser, which can still end it', async () => {
    // Mallory has somebody's credential and sends Emil a link to log in for it.
    const [mallory, emil] = [new Browser(), new Browser()];
    const login = await begin(mallory, world.sign(world.voter(0, 5)));
    const callback = await emil.logIn(login, 'emil', settings.oidcCallbackUrl);
    expect(await answerOf(await emil.fetch(callback))).toEqual(refused(403, 'second-factor/browser'));
    await begin(emil, world.sign(world.voter(0, 6)));
    expect(await answerOf(await emil.fetch(callback))).toEqual(refused(403, 'second-factor/browser'));
    expect(await stateOf(world.voter(0, 5).key)).toBe('none');
    const own = new Browser();
    const mine = await own.logIn(await begin(own, world.sign(world.voter(0, 6))), 'emil', settings.oidcCallbackUrl);
    expect(await answerOf(await new Browser().fetch(mine))).toEqual(refused(403, 'second-factor/browser'));
    expect(await answerOf(await own.fetch(mine))).toMatchObject({ status: 200 });
  });

  it('forgets a login after ten minutes, and an earlier one of the same credential at once', async () => {
    const { redis } = service.eligibility.register;
    const browser = new Browser();
    const stateOfLogin = (url: string): string => new URL(url).searchParams.get('state')!;
    const first = stateOfLogin(await begin(browser, world.sign(world.voter(0, 7))));
    const login = await begin(browser, world.sign(world.voter(0, 7)));
    expect(await redis.exists(`${KEYS.login}${first}`)).toBe(0);
    const left = await redis.ttl(`${KEYS.login}${stateOfLogin(login)}`);
    expect(left).toBeGreaterThan(500);
    expect(left).toBeLessThanOrEqual(600);
    const callback = await browser.logIn(login, 'finn', settings.oidcCallbackUrl);
    await redis.expire(`${KEYS.login}${stateOfLogin(login)}`, 0);
    expect(await answerOf(await browser.fetch(callback))).toEqual(refused(403, 'second-factor/state'));
  });

  it('takes a refusal by the provider for one, and leads a person’s browser to the page', async () => {
    const browser = new Browser();
    const login = new URL(await begin(browser, world.sign(world.voter(0, 7))));
    const callback = new URL(settings.oidcCallbackUrl);
    callback.searchParams.set('state', login.searchParams.get('state')!);
    callback.searchParams.set('error', 'access_denied');
    callback.searchParams.set('iss', settings.oidcIssuer);
    const response = await browser.fetch(callback.href, { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('location')]).toEqual([303, `${PAGE}#second-factor/refused`]);
    const good = await browser.logIn(
      await begin(browser, world.sign(world.voter(0, 7))),
      'finn',
      settings.oidcCallbackUrl,
    );
    const done = await browser.fetch(good, { headers: { accept: 'text/html' } });
    expect([done.status, done.headers.get('location')]).toEqual([303, `${PAGE}#registered`]);
    expect(await stateOf(world.voter(0, 7).key)).toBe('registered');
  });

  it('says so where the provider is away', async () => {
    const nowhere = 'http://127.0.0.1:9';
    const away = { ...settings, oidcIssuer: nowhere, port: 0, ...sealedSubjects(world, nowhere, ELIGIBLE, 'away') };
    const other = await createEligibility(away, { write: () => undefined });
    const address = await other.app.server.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${address}/v1/registrations`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ ...bodyOf(world.sign(world.voter(1, 0))), salt: SALT }),
    });
    expect(await answerOf(response)).toEqual(refused(503, 'second-factor/provider'));
    await other.app.server.close();
    await other.close();
  });
});

describe('the command', () => {
  it('registers with a login in any browser, whose last address it is told', async () => {
    const { definition } = world.made;
    const registration = world.sign(world.voter(1, 0));
    const server = parseServerUrl(registrations.replace('/v1/registrations', ''));
    const election = { definition, context: world.context, hash: world.context.definitionHash } as LoadedElection;
    const browser = new Browser();
    const logIn: AskLogin = async (address) => {
      const ended = await browser.logIn(address, 'gwen', settings.oidcCallbackUrl);
      expect(await answerOf(await browser.fetch(ended))).toEqual(refused(403, 'second-factor/browser'));
      return `${ended}\n`;
    };
    const { statement } = await sendRegistration(election, server, registration, logIn);
    expect(statement.credentialKey).toBe(world.voter(1, 0).key);
    const other = world.sign(world.voter(1, 0), 2, toField(8n));
    const elsewhere = sendRegistration(election, server, other, async () => 'https://vote.example/registered');
    await expect(elsewhere).rejects.toMatchObject({ code: 'second-factor/address' });
  });
});

describe('needsSecondFactor', () => {
  it('cannot be left out where two offices are promised, nor given where they are not', () => {
    const { definition } = world.made;
    expect(needsSecondFactor(definition, settings)).toBe(true);
    const code: unknown = expect.objectContaining({ code: 'config/second-factor' });
    expect(() => needsSecondFactor(definition, world.settings)).toThrow(code as never);
    expect(() => needsSecondFactor(definition, { ...settings, subjectsSealFile: '' })).toThrow(code as never);
    const single = { ...definition, assurance: 'single-office' } as const;
    expect(() => needsSecondFactor(single, settings)).toThrow(code as never);
    expect(needsSecondFactor(single, world.settings)).toBe(false);
    expect(() => needsSecondFactor({ ...single, environment: 'binding' }, world.settings)).toThrow(code as never);
  });
});

describe('sealSubjects', () => {
  it('writes the file that is loaded, from names, before there is one', async () => {
    const [names, file] = [join(world.folder, 'names.txt'), join(world.folder, 'sealed-subjects.txt')];
    writeFileSync(names, `${ELIGIBLE.join('\r\n')}\r\n`);
    const [line = ''] = await sealSubjects(settings, [names, file]);
    const { sha256 } = stateSubjects(world.context, settings.oidcIssuer, ELIGIBLE);
    expect(line).toContain(`7 subjects written to ${file}, SHA-256 ${sha256}`);
    writeFileSync(names, 'anna\nanna\n');
    await expect(sealSubjects(settings, [names, `${file}-2`])).rejects.toMatchObject({ code: 'subjects/file' });
    await expect(sealSubjects(settings, [names])).rejects.toMatchObject({ code: 'usage/arguments' });
    const none = sealSubjects({ ...settings, oidcIssuer: '' }, [names, file]);
    await expect(none).rejects.toMatchObject({ code: 'config/second-factor' });
  });
});

describe('a registrar', () => {
  it('does not start with a list that a quorum of officers has not sealed', async () => {
    const { subjectsFile } = settings;
    const subjectsSealFile = join(world.folder, 'few.seal');
    writeFileSync(subjectsSealFile, readFileSync(settings.subjectsSealFile, 'utf8').replace(/\n.*/su, '\n'));
    const started = createEligibility(
      { ...settings, port: 0, subjectsFile, subjectsSealFile },
      { write: () => undefined },
    );
    await expect(started).rejects.toMatchObject({ code: 'subjects/sealed' });
  });
});
