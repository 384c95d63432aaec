import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createProgress } from '../../../client/cli/frame/progress.ts';
import type { Invocation } from '../../../client/cli/frame/invocation.ts';
import { encodeActFile } from '../../../client/cli/officer/act-file.ts';
import { objectOf } from '../../../client/cli/officer/act-params.ts';
import type { ActParams } from '../../../client/cli/officer/act-params.ts';
import { postRoll } from '../../../client/cli/roll/post.ts';
import { readStatus } from '../../../contracts/client/election.ts';
import { readDistrictState, readNewestVersion, readSealedRoll, sealRoll } from '../../../contracts/client/roll.ts';
import { sealObject } from '../../../protocol/acts/objects.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import type { Challenge } from '../../../protocol/credentials/challenge.ts';
import { challengeId, challengeJson, signChallenge } from '../../../protocol/credentials/challenge.ts';
import {
  decodeRegistrationFile,
  encodeRegistrationFile,
  membersOf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { Receipt, Statement } from '../../../protocol/receipts/receipt.ts';
import { requireReceipt } from '../../../protocol/receipts/receipt.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { encodeReasons, reasonsHash } from '../../../protocol/roll/reasons.ts';
import { decodeTile, pathFromTiles } from '../../../protocol/roll/tiles.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import { reasonsFile, registrationsFile } from '../../../server/eligibility/roll/published.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { takeRegistration } from '../../../server/eligibility/store/register.ts';
import { eventually } from './eventually.ts';
import type { Ended } from './operator.ts';
import { failOnceListening, operate, verdictOf } from './operator.ts';
import type { RegistrarWorld, Voter } from './world.ts';
import { openRegistration } from './world.ts';

let world: RegistrarWorld;
let service: EligibilityService;
let url: string;

beforeAll(async () => {
  world = await openRegistration([3, 1]);
  service = await createEligibility(world.settings, { write: () => undefined });
  url = await service.app.server.listen({ host: '127.0.0.1', port: 0 });
}, 300_000);
afterAll(async () => {
  await service.app.server.close();
  await service.close();
  await world.close();
});

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly body: Record<string, Json>;
}

async function ask(path: string, body?: Json): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers };
  const response = await fetch(`${url}/v1/${path}`, init);
  const answer = parseJson(await response.text()) as Record<string, Json>;
  return { status: response.status, code: String(answer['type'] ?? '').replace('urn:urna:error:', ''), body: answer };
}

/** Each word is a program that starts: on a busy machine that takes its time. */
const MINUTES = 600_000;
/** The service's program with a word. */
const operator = (...words: readonly string[]): Promise<Ended> => operate(world.folder, world.settings, words);
const ends = async (...words: readonly string[]): Promise<[number, string]> => verdictOf(await operator(...words));
/** How the program ends with other settings. */
const endsWith = async (change: Readonly<Record<string, Json>>, ...words: readonly string[]): Promise<unknown> =>
  verdictOf(await operate(world.folder, world.settings, words, change));

const challengeOf = ({ credential, district }: Voter, change: Partial<Challenge> = {}): Challenge =>
  signChallenge(world.context, credential, {
    ...{ district, version: 1, claim: 'omitted', commitment: 5n as Field },
    ...change,
  });
const post = (challenge: Challenge): Promise<Answer> => ask('challenges', challengeJson(challenge));

describe('the operators’ words', () => {
  it(
    'revoke a lost credential, once',
    async () => {
      const [lost, next] = [world.voter(0, 2), world.spare(0)];
      await takeRegistration(service.eligibility.register, world.sign(lost), 1);
      const file = join(world.folder, 'revocations.jsonl');
      writeFileSync(file, `${canonicalJson({ district: 0, credentialKey: lost.key, replacement: next.key })}\n`);
      expect(await operator('revoke', file)).toEqual({ status: 0, said: '1 credentials revoked\n' });
      expect(await operator('revoke', file)).toEqual({ status: 0, said: '1 credentials revoked\n' });
      expect((await ask(`registrations/${lost.key}`)).body).toEqual({ state: 'revoked' });
      writeFileSync(file, `${canonicalJson({ district: 0, credentialKey: lost.key, replacement: null })}\n`);
      const again = await operator('revoke', file);
      const line = `eligibility: line 1 of ${file}: `;
      expect([again.said.startsWith(line), ...verdictOf(again)]).toEqual([true, 3, 'registration/revoked']);
      expect(await ends('forget')).toEqual([2, 'usage/arguments']);
      expect(await ends('revoke', join(world.folder, 'none'))).toEqual([3, 'file/missing']);
      expect(await ends('answer', '0x00', 'upheld')).toEqual([3, 'encoding/hex']);
      expect(await ends('publish', '2', file, file)).toEqual([4, 'state/roll']);
    },
    MINUTES,
  );

  it(
    'and the service are refused with a status that says whether to try again, where their store or chain is away',
    async () => {
      expect(await endsWith({ redisUrl: 'unix:/nowhere.sock' }, 'challenges')).toEqual([5, 'redis/unreachable']);
      expect(await endsWith({ rpc: 'http://127.0.0.1:1' }, 'challenges')).toEqual([5, 'chain/unreachable']);
      expect(await endsWith({ redisUrl: 'unix:/nowhere.sock' })).toEqual([5, 'redis/unreachable']);
    },
    MINUTES,
  );

  it(
    'leave the port to the service that listens there already',
    async () => {
      const port = new URL(url).port;
      expect(await endsWith({ port: Number(port) })).toEqual([4, 'state/address']);
      expect(await endsWith({ host: '192.0.2.1' })).toEqual([2, 'config/address']);
    },
    MINUTES,
  );

  it(
    'do not hide that the service itself failed: it ends with 70 and tells nobody what was in the error',
    async () => {
      const { status, said } = await failOnceListening(world.folder, world.settings);
      expect([status, said.includes('inside'), said.includes('"ending"')]).toEqual([70, false, true]);
    },
    MINUTES,
  );
});

describe('challenges', () => {
  it(
    'are taken of a version that is complete, by who has a credential, and answered once',
    async () => {
      const { register } = service.eligibility;
      await takeRegistration(register, world.sign(world.voter(0, 0)), 1);
      expect(await post(challengeOf(world.voter(0, 1)))).toMatchObject({ status: 409, code: 'state/roll' });
      await world.chain.advanceTo(world.made.definition.times.registrationCloses);
      await eventually(async () => ((await readNewestVersion(world.made.at))?.completedAt ?? 0) > 0);
      const challenge = challengeOf(world.voter(0, 1));
      const { status, body } = await post(challenge);
      expect(status).toBe(202);
      requireReceipt(body as unknown as Receipt<Statement>, world.made.definition.registrar);
      expect((await post(challenge)).body).toEqual(body);
      const id = challengeId(challenge);
      const kept = { challenge: challengeJson(challenge), receipt: body };
      expect((await ask(`challenges/${id}`)).body).toEqual({ ...kept, state: 'open' });
      expect((await operator('challenges')).said).toContain(id);
      expect(await operator('answer', id, 'upheld')).toMatchObject({ status: 0 });
      expect(await operator('answer', id, 'upheld')).toMatchObject({ status: 0 });
      expect(await ends('answer', id, 'withdrawn')).toEqual([3, 'challenge/answered']);
      expect(await ends('answer', id, 'because')).toEqual([2, 'usage/arguments']);
      expect(await ends('revoke', 'any')).toEqual([4, 'state/registration']);
      expect((await ask(`challenges/${id}`)).body).toEqual({ ...kept, state: 'upheld' });
      const wrong = challengeOf(world.voter(0, 0), { claim: 'wrong-commitment', commitment: null });
      await post(wrong);
      await operator('answer', challengeId(wrong), 'as-registered');
      expect((await ask(`challenges/${challengeId(wrong)}`)).body).toMatchObject({
        state: 'dismissed',
        reason: 'as-registered',
      });
    },
    MINUTES,
  );

  it('are refused unsigned, from strangers, about other versions, and beyond measure', async () => {
    const good = challengeOf(world.voter(1, 0));
    const codes: [Challenge, number, string][] = [
      [{ ...good, claim: 'revoked' }, 403, 'challenge/signature'],
      [{ ...good, commitment: 6n as Field }, 403, 'challenge/signature'],
      [challengeOf(world.spare(1)), 403, 'challenge/credential'],
      [challengeOf({ ...world.voter(1, 0), district: 0 }), 403, 'registration/credential'],
      [challengeOf(world.voter(1, 0), { version: 2 }), 409, 'state/roll'],
    ];
    for (const [challenge, status, code] of codes) expect(await post(challenge)).toMatchObject({ status, code });
    const bad = { ...challengeJson(good), claim: 'unfair' };
    expect(await ask('challenges', bad)).toMatchObject({ status: 400, code: 'request/schema' });
    expect(await ask(`challenges/${good.credentialKey}`)).toMatchObject({ status: 404, code: 'not-found/challenge' });
    for (let i = 0; i < 16; i++) await post(challengeOf(world.voter(1, 0), { commitment: BigInt(100 + i) as Field }));
    expect(await post(good)).toMatchObject({ code: 'challenge/limit' });
  });
});

describe('publishing a second version', () => {
  it(
    'takes what is right and what the reasons say, no more and no less',
    async () => {
      const { publishFolder } = world.settings;
      const first = decodeRegistrationFile(readFileSync(registrationsFile(publishFolder, 1)));
      const omitted = world.sign(world.voter(0, 1));
      const entries = [...first, omitted].sort(
        (a, b) => a.district - b.district || (a.credentialKey < b.credentialKey ? -1 : 1),
      );
      const [file, reasons] = [join(world.folder, 'next.jsonl'), join(world.folder, 'reasons.json')];
      const write = (list: typeof entries, keys: readonly Hex[]): void => {
        const changes = keys.map((credentialKey) => ({ district: 0, credentialKey, reason: 'omitted' as const }));
        writeFileSync(file, encodeRegistrationFile(list));
        writeFileSync(reasons, encodeReasons({ version: 2, changes }));
      };
      const publish = (): Promise<Ended> => operator('publish', '2', file, reasons);
      write(entries, [world.voter(0, 0).key]);
      expect(verdictOf(await publish())).toEqual([3, 'roll-reasons/changes']);
      write(
        entries.map((each) => (each === omitted ? { ...omitted, commitment: 7n as Field } : each)),
        [omitted.credentialKey],
      );
      expect(verdictOf(await publish())).toEqual([1, 'check/registrations']);
      write(first, []);
      expect(verdictOf(await publish())).toEqual([3, 'roll-reasons/unchanged']);
      expect((await fetch(`${url}/v1/registrations.jsonl?version=2`)).status).toBe(404);
      write(entries, [omitted.credentialKey]);
      expect(await publish()).toMatchObject({ status: 0 });
      expect(await ends('publish', '2', file, reasons)).toEqual([4, 'state/roll']);
      const served = await fetch(`${url}/v1/registrations.jsonl`);
      expect([served.headers.get('x-roll-version'), await served.text()]).toEqual(['2', readFileSync(file, 'utf8')]);
      expect(await (await fetch(`${url}/v1/reasons.json?version=2`)).text()).toBe(readFileSync(reasons, 'utf8'));
    },
    MINUTES,
  );
});

describe('the second version', () => {
  it('is begun with the officers’ act, put on chain, served, open to challenge and sealed', async () => {
    const { at, definition, sender } = world.made;
    const { publishFolder } = world.settings;
    const registrations = registrationsFile(publishFolder, 2);
    await expect(postRoll(posting({ registrations }))).rejects.toMatchObject({ code: 'state/roll' });
    const [reasons, act] = [reasonsFile(publishFolder, 2), join(world.folder, 'act.json')];
    const entries = decodeRegistrationFile(readFileSync(registrations));
    const root = wordHex(registrationsRoot(entries));
    const hash = wordHex(reasonsHash(readFileSync(reasons)));
    const params: ActParams = { name: 'version', version: 2, registrationsRoot: root, reasonsHash: hash };
    writeFileSync(act, await actOf(params));
    // The service sees the version that is begun and posts its members, too.
    expect((await postRoll(posting({ registrations, reasons, act }))).data).toMatchObject({
      version: 2,
      members: [2, 0],
    });
    const newest = await readNewestVersion(at);
    expect(newest).toMatchObject({ version: 2, registrationsRoot: root });
    expect(newest?.completedAt).toBeGreaterThan(0);

    const tile = async (path: string): Promise<Field[]> =>
      decodeTile(new Uint8Array(await (await fetch(`${url}/v1/tiles/${path}?version=2`)).arrayBuffer()));
    const path = pathFromTiles(await loadPoseidon(), 1, await tile('0/0/0'), await tile('0/1/0'));
    expect(path.root).toBe((await readDistrictState(at, 2, 0)).root);
    expect(membersOf(entries, 2)[0]).toEqual(await tile('0/0/0'));

    const again = { claim: 'wrong-commitment' } as const;
    expect(await post(challengeOf(world.voter(0, 0), again))).toMatchObject({ status: 409, code: 'state/roll' });
    expect(await post(challengeOf(world.voter(0, 0), { ...again, version: 2 }))).toMatchObject({ status: 202 });

    const object = sealObject(2n, BigInt(root), BigInt(newest?.rootsHash ?? 0));
    const seal = async (): Promise<unknown> => sealRoll(at, sender(PAYER), 2, await world.story.act('seal', object));
    await expect(seal()).rejects.toMatchObject({ code: 'chain/too-early' });
    await world.chain.advance(definition.times.challengeSeconds);
    await seal();
    expect((await readSealedRoll(at, 0)).members).toBe(2);
    const late = challengeOf(world.voter(0, 0), { claim: 'revoked', version: 2 });
    expect(await post(late)).toMatchObject({ status: 409, code: 'state/roll' });
  });
});

/** `urna roll post` as the registrar calls it. */
function posting(options: Readonly<Record<string, string>>): Invocation {
  const { definitionFile: definition, election, rpc, accountFile, accountPassphraseFile } = world.settings;
  const settings = { definition, election, rpc, accountFile, accountPassphraseFile };
  return { options, args: [], settings, progress: createProgress(true) };
}

/** The file of an act that two officers have signed. */
async function actOf(params: ActParams): Promise<string> {
  const { at } = world.made;
  const { actCount } = await readStatus(at);
  const { expiry, signatures } = await world.story.act(params.name, objectOf(params));
  const { chainId, election } = world.context;
  return encodeActFile({ chainId, election, number: Number(actCount), expiry: Number(expiry), params, signatures });
}
