import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readNewestVersion } from '../../../contracts/client/roll.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import { challengeId, challengeJson, signChallenge } from '../../../protocol/credentials/challenge.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { toField } from '../../../protocol/math/field.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';
import type { ServiceProcess } from '../../client/walks/service-process.ts';
import { freePort, startService } from '../../client/walks/service-process.ts';
import { Browser } from './browser.ts';
import type { Door } from './door.ts';
import { openDoor } from './door.ts';
import { eventually } from './eventually.ts';
import { sealedSubjects } from './sealed-subjects.ts';
import { serviceFlags } from './service-flags.ts';
import { startProvider } from './start-provider.ts';
import type { RegistrarWorld, Voter } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const VOTERS = 20;
const PROGRAM = join(import.meta.dirname, '../../../dist/eligibility.mjs');
const SALT = wordHex(77n);

let world: RegistrarWorld;
let provider: ChildProcess;
let service: ServiceProcess;
let settings: EligibilitySettings;
let [storeDoor, providerDoor, operatorDoor] = [] as unknown as [Door, Door, Door];
let port: number;
/** Question from which on a program is killed: those before it make the connection and ask how the store is set up. */
const CONNECTED = 5;
/** Of voters: each person registers with one credential. */
let next = 1;

beforeAll(async () => {
  world = await openRegistration([VOTERS, 1], (definition) => (definition['assurance'] = 'two-office'));
  const store = { path: world.settings.redisUrl.replace('unix:', '') };
  [storeDoor, providerDoor, operatorDoor] = [await openDoor(store), await openDoor(store), await openDoor(store)];
  port = await freePort();
  const oidcCallbackUrl = `http://127.0.0.1:${port}/v1/oidc/callback`;
  const issuer = `http://127.0.0.1:${providerDoor.port}`;
  const started = await startProvider(oidcCallbackUrl, issuer);
  provider = started.process;
  providerDoor.target = { host: '127.0.0.1', port: Number(new URL(started.address).port) };
  const oidcClientSecretFile = join(world.folder, 'client-secret');
  writeFileSync(oidcClientSecretFile, 'a secret of this test\n', { mode: 0o600 });
  const persons = Array.from({ length: VOTERS }, (_, i) => `person-${i}`);
  settings = {
    ...{ ...world.settings, oidcIssuer: issuer, oidcClientId: 'registrar', oidcClientSecretFile, oidcCallbackUrl },
    ...sealedSubjects(world, issuer, persons),
  };
  await start();
}, 600_000);
afterAll(async () => {
  await service.kill();
  provider.kill('SIGKILL');
  for (const door of [storeDoor, providerDoor, operatorDoor]) door.close();
  await world.close();
});

function through({ port: door }: Door): EligibilitySettings {
  return { ...settings, redisUrl: `redis://127.0.0.1:${door}` };
}

async function start(): Promise<void> {
  service = await startService('eligibility', { ...serviceFlags(through(storeDoor)), port });
}

type Body = Record<string, Json>;

async function bodyOfAnswer(response: Response): Promise<Body> {
  return parseJson(await response.text()) as Body;
}

async function ask(path: string, body?: Json, browser = new Browser()): Promise<{ status: number; body: Body }> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers };
  const response = await browser.fetch(`${service.url}/v1/${path}`, init);
  return { status: response.status, body: await bodyOfAnswer(response) };
}

/** Logs in as somebody for a registration. @returns where the browser is to come back to */
async function logIn(browser: Browser, registration: Registration, person: string): Promise<string> {
  const { status, body } = await ask('registrations', { ...bodyOf(registration), salt: SALT }, browser);
  expect([status, typeof body['login']]).toEqual([202, 'string']);
  return browser.logIn(String(body['login']), person, settings.oidcCallbackUrl);
}

async function register(registration: Registration, person: string): Promise<{ status: number; body: Body }> {
  const browser = new Browser();
  const response = await browser.fetch(await logIn(browser, registration, person));
  return { status: response.status, body: await bodyOfAnswer(response) };
}

const standing = async ({ key }: Voter): Promise<Body> => (await ask(`registrations/${key}`)).body;

describe('a registrar that is killed over any question while it ends a login', () => {
  it.each([
    ['to its store', () => storeDoor],
    ['to the provider', () => providerDoor],
  ])(
    '%s, has registered somebody wholly or not at all, and takes the person when it comes again',
    async (_to, door) => {
      let lives = 0;
      for (; ; lives++) {
        const [voter, person, browser] = [world.voter(0, next), `person-${next}`, new Browser()];
        next += 1;
        const registration = world.sign(voter);
        const callback = await logIn(browser, registration, person);
        door().arm(lives + 1, () => void service.kill());
        const answer = await browser.fetch(callback).catch(() => undefined);
        door().disarm();
        if (answer !== undefined) {
          expect([answer.status, await bodyOfAnswer(answer)]).toEqual([200, expect.objectContaining({})]);
          break;
        }
        await service.kill();
        await start();
        const { state, receipt } = await standing(voter);
        expect(['none', 'registered']).toContain(state);
        if (state === 'registered') {
          readRegistrationReceipt(receipt!, world.context, registration, world.made.definition.registrar);
          expect(await ask('registrations', { ...bodyOf(registration), salt: SALT })).toEqual({
            status: 202,
            body: receipt,
          });
        } else {
          expect(await register(registration, person)).toMatchObject({ status: 200 });
        }
        expect(await standing(voter)).toMatchObject({ state: 'registered', sequence: 1 });
        // That person stands behind this credential, and can have no other.
        expect(await register(world.sign(world.voter(0, 0)), person)).toMatchObject({
          status: 403,
          body: { type: 'urn:urna:error:second-factor/subject-taken' },
        });
        expect(await standing(world.voter(0, 0))).toEqual({ state: 'none' });
      }
      expect(lives).toBeGreaterThan(0);
    },
    600_000,
  );
});

/** The service's program with words of its operators, which is killed over its nth question to the store. @returns its exit status, or null if it was killed, and what it said */
async function operator(nth: number, ...words: readonly string[]): Promise<{ status: number | null; said: string }> {
  const config = join(world.folder, 'operator.json');
  const given = Object.entries(through(operatorDoor)).filter(([, value]) => value !== '');
  writeFileSync(config, JSON.stringify(Object.fromEntries(given)));
  const env = { PATH: process.env['PATH'] };
  const child = spawn(process.execPath, ['--no-warnings', PROGRAM, ...words, '--config', config], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  operatorDoor.arm(nth, () => void child.kill('SIGKILL'));
  const [status] = (await once(child, 'close')) as [number | null];
  operatorDoor.disarm();
  return { status, said };
}

/** Runs the program until it gets through, killed over one question later each time. @param check - what must hold whenever it was killed @returns how often it was */
async function killedEverywhere(words: readonly string[], check: () => Promise<void>): Promise<number> {
  for (let nth = CONNECTED; ; nth++) {
    const { status, said } = await operator(nth, ...words);
    if (status !== null) {
      expect([status, said]).toEqual([0, expect.any(String)]);
      return nth - CONNECTED;
    }
    await check();
  }
}

describe('the registrar’s program that is killed over any question', () => {
  it('while it revokes credentials has revoked each wholly or not at all, in their order, and goes on', async () => {
    const [lost, gone, spare] = [world.voter(0, 1), world.voter(0, 2), world.spare(0)];
    const lines = [
      { credentialKey: lost.key, district: 0, replacement: spare.key },
      { credentialKey: gone.key, district: 0, replacement: null },
    ].map((line) => `${canonicalJson(line)}\n`);
    writeFileSync(join(world.folder, 'revocations.jsonl'), lines.join(''));
    const states = async (): Promise<string> =>
      (await Promise.all([lost, gone].map(standing))).map(({ state }) => String(state)).join();
    const seen = new Set<string>();
    const kills = await killedEverywhere(['revoke', join(world.folder, 'revocations.jsonl')], async () => {
      seen.add(await states());
    });
    expect(kills).toBeGreaterThan(2);
    expect([...seen].filter((each) => !/^(?:registered|revoked),(?:registered|revoked)$/u.test(each))).toEqual([]);
    expect(seen).not.toContain('registered,revoked');
    expect(seen).toContain('registered,registered');
    expect(seen).toContain('revoked,registered');
    expect(await states()).toBe('revoked,revoked');
    // Whoever lost the credential is free to register with the one that replaces it, the other's commitment for somebody else.
    expect(await register(world.sign(spare), 'person-1')).toMatchObject({ status: 200 });
    const heir = world.voter(0, next);
    expect(await register(world.sign(heir, 1, gone.identity.commitment), `person-${next}`)).toMatchObject({
      status: 200,
    });
  }, 600_000);

  it('while it answers a challenge has answered it or not, and answers it no other way afterwards', async () => {
    await world.chain.advanceTo(world.made.definition.times.registrationCloses);
    await eventually(async () => ((await readNewestVersion(world.made.at))?.completedAt ?? 0) > 0);
    const { credential, district } = world.voter(0, 3);
    const claim = { district, version: 1, claim: 'omitted', commitment: toField(5n) } as const;
    const challenge = signChallenge(world.context, credential, claim);
    expect((await ask('challenges', challengeJson(challenge))).status).toBe(202);
    const id = challengeId(challenge);
    const state = async (): Promise<string> => String((await ask(`challenges/${id}`)).body['state']);
    const seen: string[] = [];
    const kills = await killedEverywhere(['answer', id, 'upheld'], async () => void seen.push(await state()));
    expect(kills).toBeGreaterThan(1);
    expect(seen.filter((each) => each !== 'open' && each !== 'upheld')).toEqual([]);
    expect(at(seen, 0)).toBe('open');
    expect(await state()).toBe('upheld');
    const { status, said } = await operator(1_000, 'answer', id, 'as-registered');
    expect([status, said]).toEqual([3, expect.stringContaining('[challenge/answered]')]);
    expect(await state()).toBe('upheld');
  }, 600_000);
});
