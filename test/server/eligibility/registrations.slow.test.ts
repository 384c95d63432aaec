import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { toField } from '../../../protocol/math/field.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { takeRevocation } from '../../../server/eligibility/store/register.ts';
import { KEYS } from '../../../server/eligibility/store/keys.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { writeAccount } from '../world.ts';
import type { Voter } from './world.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

let world: RegistrarWorld;
/** Two instances that share a Redis, and where they are. */
let services: EligibilityService[];
let urls: string[];
const log: string[] = [];
const logTo = { write: (line: string): void => void log.push(line) };

beforeAll(async () => {
  world = await openRegistration([8, 2]);
  services = [await createEligibility(world.settings, logTo), await createEligibility(world.settings, logTo)];
  urls = await Promise.all(services.map(({ app }) => app.server.listen({ host: '127.0.0.1', port: 0 })));
}, 300_000);
afterAll(async () => {
  for (const { app, close } of services) {
    await app.server.close();
    await close();
  }
  await world.close();
});

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Record<string, Json>;
}

function post(body: Json, instance = 0): Promise<Answer> {
  return ask(`${urls[instance]}/v1/registrations`, {
    ...{ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  });
}

function lookUp(key: string): Promise<Answer> {
  return ask(`${urls[1]}/v1/registrations/${key}`);
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const body = parseJson(await response.text()) as Record<string, Json>;
  const code = String(body['type'] ?? '').replace('urn:urna:error:', '');
  return { status: response.status, code: code === '' ? undefined : code, body };
}

const register = (registration: Registration, instance = 0): Promise<Answer> => post(bodyOf(registration), instance);
const refused = (status: number, code: string): unknown => expect.objectContaining({ status, code });
const taken: unknown = expect.objectContaining({ status: 202, code: undefined });

function requireReceipt({ body }: Answer, registration: Registration): void {
  readRegistrationReceipt(body, world.context, registration, world.made.definition.registrar);
}

describe('POST /v1/registrations', () => {
  it('answers with the registrar’s receipt, the same for the very same registration, at any instance', async () => {
    const first = world.sign(world.voter(0, 0));
    const answer = await register(first);
    expect(answer).toEqual(taken);
    requireReceipt(answer, first);
    expect(await register(first, 1)).toEqual(answer);
    const { body } = await lookUp(first.credentialKey);
    expect(body).toEqual({
      ...{ state: 'registered', sequence: 1, commitment: wordHex(first.commitment), receipt: answer.body },
    });
  });

  it('replaces a commitment by the next sequence only, and frees the old one', async () => {
    const [anna, bert] = [world.voter(0, 1), world.voter(0, 2)];
    const other = toField(12_345n);
    expect(await register(world.sign(anna))).toEqual(taken);
    expect(await register(world.sign(anna, 3, other))).toEqual(refused(409, 'registration/sequence'));
    expect(await register(world.sign(anna, 1, other))).toEqual(refused(409, 'registration/sequence'));
    expect(await register(world.sign(bert, 1, anna.identity.commitment))).toEqual(
      refused(409, 'registration/commitment'),
    );
    const second = world.sign(anna, 2, other);
    requireReceipt(await register(second), second);
    expect(await register(world.sign(anna))).toEqual(refused(409, 'registration/sequence'));
    expect(await register(world.sign(bert, 1, anna.identity.commitment))).toEqual(taken);
  });

  it('refuses what the credential did not sign, whatever was changed', async () => {
    const voter = world.voter(0, 3);
    const good = world.sign(voter);
    const bad = refused(403, 'registration/signature');
    expect(await register({ ...good, commitment: toField(7n) })).toEqual(bad);
    expect(await register({ ...good, sequence: 2 })).toEqual(bad);
    expect(await register({ ...good, signature: world.sign(voter, 2).signature })).toEqual(bad);
    const elsewhere = { ...world.context, election: `0x${'11'.repeat(20)}` as const };
    const { district, credential, identity } = voter;
    const replayed = signRegistration(elsewhere, credential, {
      district,
      commitment: identity.commitment,
      sequence: 1,
    });
    expect(await register(replayed)).toEqual(bad);
    expect(await lookUp(voter.key)).toMatchObject({ status: 200, body: { state: 'none' } });
  });

  it('refuses credentials that are not listed: guessed, of another district, of the reserve', async () => {
    const none = refused(403, 'registration/credential');
    const voter = world.voter(0, 3);
    expect(await register(world.sign({ ...voter, district: 1 }))).toEqual(none);
    expect(await register(world.sign({ ...voter, district: 2 }))).toEqual(refused(400, 'registration/district'));
    expect(await register({ ...world.sign(voter), credentialKey: wordHex(99n) })).toEqual(none);
    expect(await register(world.sign(world.spare(0)))).toEqual(none);
    expect(await lookUp(wordHex(99n))).toEqual(refused(404, 'not-found/credential'));
  });

  it.each([
    ['a commitment of 0', { commitment: wordHex(0n) }, 'registration/shape'],
    [
      'a commitment of r',
      { commitment: '0x30644e72e131a029b85045b68181585d2833e84879b97091 43e1f593f0000001'.replace(' ', '') },
      'field/range',
    ],
    ['a short commitment', { commitment: '0x01' }, 'request/schema'],
    ['upper case', { credentialKey: `0x${'AB'.repeat(32)}` }, 'request/schema'],
    ['a sequence of 0', { sequence: 0 }, 'request/schema'],
    ['a sequence that is text', { sequence: '1' }, 'request/schema'],
    ['a member more', { name: 'Anna' }, 'request/schema'],
    ['a salt without a second factor', { salt: wordHex(1n) }, 'second-factor/salt'],
  ])('refuses %s', async (_, change, code) => {
    const { code: answered } = await post({ ...bodyOf(world.sign(world.voter(0, 3))), ...change });
    expect(answered).toBe(code);
  });

  it('lets one of many win that come at once at two instances', async () => {
    const voter = world.voter(0, 4);
    const rivals = Array.from({ length: 10 }, (_, i) => world.sign(voter, 1, toField(BigInt(1000 + i))));
    const answers = await Promise.all(rivals.map((each, i) => register(each, i % 2)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'registration/sequence')).toHaveLength(9);
  });

  it('gives a commitment to one of two credentials that want it at once', async () => {
    const commitment = toField(2000n);
    const rivals = [world.sign(world.voter(0, 5), 1, commitment), world.sign(world.voter(1, 0), 1, commitment)];
    const answers = await Promise.all(rivals.map(register));
    expect(answers.map(({ code }) => code).sort()).toEqual(['registration/commitment', undefined]);
  });
});

describe('a credential that was lost', () => {
  it('ends with its registration; its replacement starts anew, also with the same commitment', async () => {
    const { register: store } = services[0]!.eligibility;
    const [lost, next]: [Voter, Voter] = [world.voter(0, 6), world.spare(0)];
    await register(world.sign(lost));
    const revocation = { district: 0, credentialKey: lost.key, replacement: next.key };
    await takeRevocation(store, revocation);
    await takeRevocation(store, revocation);
    expect(await lookUp(lost.key)).toMatchObject({ body: { state: 'revoked' } });
    expect(await register(world.sign(lost))).toEqual(refused(409, 'registration/revoked'));
    expect(await register(world.sign(lost, 2))).toEqual(refused(409, 'registration/revoked'));
    expect(await register(world.sign(next, 1, lost.identity.commitment))).toEqual(taken);
    const refusals = [
      [{ ...revocation, replacement: null }, 'registration/revoked'],
      [{ ...revocation, credentialKey: world.voter(0, 7).key }, 'registration/reserve'],
      [
        { ...revocation, credentialKey: world.voter(0, 7).key, replacement: world.voter(0, 1).key },
        'registration/reserve',
      ],
      [{ ...revocation, credentialKey: world.spare(1).key, district: 1, replacement: null }, 'registration/credential'],
    ] as const;
    for (const [each, code] of refusals) await expect(takeRevocation(store, each)).rejects.toMatchObject({ code });
  });
});

describe('what was taken', () => {
  it('is there after Redis was killed, and asked for again gets the same receipt', async () => {
    const registration = world.sign(world.voter(1, 1));
    const answer = await register(registration);
    process.kill(world.redis.pid, 'SIGKILL');
    const away = await answerWhile(
      () => register(world.sign(world.voter(0, 7))),
      (each) => each.status === 503,
    );
    expect(away).toEqual(refused(503, 'busy/store'));
    world.redis = await startPrivateRedis(`${world.folder}/redis`);
    const again = await answerWhile(
      () => register(registration),
      (each) => each.status !== 503,
    );
    expect(again).toEqual(answer);
  });

  it('can be told again from the stream of events', async () => {
    const { redis, bytes } = services[0]!.eligibility.register;
    const events = (await bytes.xRange(KEYS.events, '-', '+')) ?? [];
    const kept = new Map<string, string>();
    for (const { message } of events) {
      const { kind, key, packed } = message as unknown as Record<string, Buffer>;
      if (kind!.toString() === 'registration') kept.set(key!.toString('hex'), packed!.toString('hex'));
      else kept.delete(key!.toString('hex'));
    }
    const stored = await bytes.hGetAll(KEYS.registrations);
    expect(kept.size).toBe(Object.keys(stored).length);
    expect(await redis.hLen(KEYS.owners)).toBe(kept.size);
  });

  it('stands in no log', () => {
    expect(log.length).toBeGreaterThan(20);
    expect(log.join('')).not.toMatch(/0x[0-9a-f]{40}/u);
  });
});

describe('the service', () => {
  it('does not start with another election’s Redis, another’s key or other lists than the chain has sealed', async () => {
    const quiet = { write: (): void => undefined };
    const { redis } = services[0]!.eligibility.register;
    const about = (await redis.get(KEYS.about)) ?? '';
    await redis.set(KEYS.about, about.replace('"chainId":31337', '"chainId":1'));
    await expect(createEligibility(world.settings, quiet)).rejects.toMatchObject({ code: 'redis/election' });
    await redis.set(KEYS.about, about);
    await redis.set(KEYS.form, '2');
    await expect(createEligibility(world.settings, quiet)).rejects.toMatchObject({ code: 'redis/form' });
    // Before stores said their form, it was the first.
    await redis.del(KEYS.form);
    await (await createEligibility(world.settings, quiet)).close();
    const account = await writeAccount(world.folder, 'registrar', new Uint8Array(32).fill(3));
    const stranger = createEligibility({ ...world.settings, ...account }, quiet);
    await expect(stranger).rejects.toMatchObject({ code: 'key/registrar' });
    const listsFolder = join(world.folder, 'other-lists');
    cpSync(world.settings.listsFolder, listsFolder, { recursive: true });
    const list = JSON.parse(readFileSync(join(listsFolder, 'south.json'), 'utf8')) as { keys: string[] };
    writeFileSync(join(listsFolder, 'south.json'), canonicalJson({ ...list, keys: list.keys.slice(1) }));
    const other = createEligibility({ ...world.settings, listsFolder }, quiet);
    await expect(other).rejects.toMatchObject({ code: 'credential-list/sealed' });
    cpSync(join(world.settings.listsFolder, 'north.json'), join(listsFolder, 'south.json'));
    const wrong = createEligibility({ ...world.settings, listsFolder }, quiet);
    await expect(wrong).rejects.toMatchObject({ code: 'credential-list/election' });
  });
});

describe('phases', () => {
  it('closes with the block time of the definition; what was taken keeps its receipt', async () => {
    const early = world.sign(world.voter(0, 0));
    await world.chain.advanceTo(world.made.definition.times.registrationCloses);
    // What comes within a second of the closing block may still be taken, so each is another one.
    let sequence = 0;
    const late = await answerWhile(
      () => register(world.sign(world.voter(0, 7), ++sequence)),
      (each) => each.status !== 202,
    );
    expect(late).toEqual(refused(409, 'state/registration'));
    requireReceipt(await register(early), early);
  });
});

/** Asks until the answer is as wanted: a store comes and goes in its own time. */
async function answerWhile(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if (wanted(answer) || tries > 200) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
