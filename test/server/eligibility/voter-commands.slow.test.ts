import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readNewestVersion } from '../../../contracts/client/roll.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseCanonical, parseJson } from '../../../protocol/canonical-json.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import { decodeRegistrationFile, encodeRegistrationFile } from '../../../protocol/credentials/registration-file.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { readChallengeReceipt } from '../../../protocol/receipts/challenge-receipt.ts';
import { signReceipt } from '../../../protocol/receipts/receipt.ts';
import { readRegistrationReceipt, registrationStatement } from '../../../protocol/receipts/registration-receipt.ts';
import { registrationsFile } from '../../../server/eligibility/roll/published.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { answerChallenge } from '../../../server/eligibility/store/challenges.ts';
import { takeRegistration } from '../../../server/eligibility/store/register.ts';
import type { VoterFolder } from './command.ts';
import { voterFolder } from './command.ts';
import { eventually } from './eventually.ts';
import type { RegistrarWorld } from './world.ts';
import { openRegistration } from './world.ts';

let world: RegistrarWorld;
let service: EligibilityService;
let url: string;

beforeAll(async () => {
  world = await openRegistration([2, 1]);
  service = await createEligibility(world.settings, { write: () => undefined });
  url = await service.app.server.listen({ host: '127.0.0.1', port: 0 });
}, 120_000);
afterAll(async () => {
  await service.app.server.close();
  await service.close();
  await world.close();
});

describe('urna voter registered', () => {
  it('says what the registrar has signed, and whether it is what the voter holds', async () => {
    const voter = voterFolder(world);
    const byCode = ['voter', 'registered', '--registrar', url, ...voter.byCode];
    expect(await voter.verdict(...byCode)).toMatchObject({
      exit: 1,
      code: 'check/registration',
      data: { state: 'none' },
    });
    const registration = world.sign(world.voter(0, 0));
    await takeRegistration(service.eligibility.register, registration, 1);
    const commitment = wordHex(registration.commitment);
    const data = { state: 'registered', sequence: 1, commitment, time: 1 };
    expect(await voter.verdict(...byCode, '--out', 'receipt.json')).toMatchObject({ exit: 0, data });
    const { registrar } = world.made.definition;
    readRegistrationReceipt(parseCanonical(voter.read('receipt.json')), world.context, registration, registrar);
    const byFile = ['voter', 'registered', '--registrar', url, '--registration'];
    expect(await voter.verdict(...byFile, voter.registration(registration))).toMatchObject({ exit: 0, data });
    const later = world.sign(world.voter(0, 0), 2, 9n as Field);
    expect(await voter.verdict(...byFile, voter.registration(later))).toMatchObject({ exit: 1, data });
    const stranger = world.sign({ ...world.voter(0, 0), credential: signingKey(new Uint8Array(32).fill(7)) });
    expect(await voter.verdict(...byFile, voter.registration(stranger))).toMatchObject({
      code: 'not-found/credential',
    });
  });

  it('believes no answer that the registrar has not signed', async () => {
    const registration = world.sign(world.voter(0, 0));
    const statement = registrationStatement(world.context, registration, 1);
    const receipt = signReceipt(statement, new Uint8Array(32).fill(9));
    const answer = { state: 'registered', sequence: 1, commitment: wordHex(registration.commitment), receipt };
    const lying = createServer((_asked, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    lying.listen(0, '127.0.0.1');
    await once(lying, 'listening');
    const voter = voterFolder(world);
    const at = `http://127.0.0.1:${(lying.address() as AddressInfo).port}`;
    const asked = await voter.verdict('voter', 'registered', '--registrar', at, ...voter.byCode);
    lying.close();
    expect(asked).toMatchObject({ exit: 3, code: 'receipt/signature' });
  });
});

describe('urna roll challenge --registrar', () => {
  beforeAll(async () => {
    await world.chain.advanceTo(world.made.definition.times.registrationCloses);
    await eventually(async () => ((await readNewestVersion(world.made.at))?.completedAt ?? 0) > 0);
  }, 120_000);

  const challenged = (voter: VoterFolder, out: string, ...own: string[]) => {
    const words = ['--registrations', registrationsFile(world.settings.publishFolder, 1), ...own];
    return voter.verdict('roll', 'challenge', ...words, '--registrar', url, '--out', out);
  };

  it('signs what is wrong, keeps the receipt, and follows until the registrar has answered', async () => {
    const voter = voterFolder(world);
    const other = world.sign(world.voter(0, 0), 2, 9n as Field);
    const own = ['--registration', voter.registration(other), '--code-file', 'code'];
    const wrong = { exit: 1, code: 'check/registration' };
    const { register } = service.eligibility;
    const first = await challenged(voter, 'first.json', ...own);
    expect(first).toMatchObject({ ...wrong, data: { challenges: [{ claim: 'wrong-commitment', state: 'open' }] } });
    const [{ id }] = first.data['challenges'] as [{ id: Hex }];
    const kept = parseJson(voter.read('first.json')) as Record<string, Json>;
    readChallengeReceipt(kept['receipt'], world.context, id, world.made.definition.registrar);
    expect(await challenged(voter, 'first.json', ...own)).toEqual(first);
    expect(await voter.verdict('roll', 'follow', '--once', 'first.json')).toMatchObject({ exit: 6 });
    const following = voter.verdict('roll', 'follow', 'first.json');
    await answerChallenge(register, id, { state: 'dismissed', reason: 'as-registered' });
    const dismissed = { id, state: 'dismissed', reason: 'as-registered' };
    const data = { challenges: [dismissed] };
    expect(await following).toMatchObject({ exit: 1, code: 'check/challenge', data });

    const foreign = await challenged(voter, 'second.json', ...voter.byCode);
    expect(foreign).toMatchObject({ ...wrong, data: { challenges: [{ claim: 'not-authorised', state: 'open' }] } });
    const waiting = challenged(voter, 'second.json', ...voter.byCode, '--follow');
    await answerChallenge(register, (foreign.data['challenges'] as [{ id: Hex }])[0].id, { state: 'upheld' });
    expect(await waiting).toMatchObject({ ...wrong, data: { challenges: [{ state: 'upheld' }] } });
    expect(await voter.verdict('roll', 'follow', 'second.json')).toMatchObject({ exit: 0 });
    expect(await challenged(voter, 'second.json', ...own)).toMatchObject({ exit: 3, code: 'file/exists' });
  }, 120_000);

  it('signs nothing where nothing is wrong, for another’s registration, or that wrongs not only its voter', async () => {
    const voter = voterFolder(world);
    const right = ['--registration', voter.registration(world.sign(world.voter(0, 0))), '--code-file', 'code'];
    expect(await challenged(voter, 'none.json', ...right)).toMatchObject({ exit: 0, data: { faults: [] } });
    const another = ['--registration', voter.registration(world.sign(world.voter(0, 1))), '--code-file', 'code'];
    expect(await challenged(voter, 'none.json', ...another)).toMatchObject({ exit: 3, code: 'credential/other' });
    const published = decodeRegistrationFile(readFileSync(registrationsFile(world.settings.publishFolder, 1)));
    const more = [...published, world.sign(world.voter(1, 0))];
    const file = voter.put('other.jsonl', Buffer.from(encodeRegistrationFile(more)).toString());
    const words = ['roll', 'challenge', '--registrations', file, ...right, '--registrar', url, '--out', 'none.json'];
    expect(await voter.verdict(...words)).toMatchObject({ exit: 3, code: 'challenge/nothing' });
    expect(voter.has('none.json')).toBe(false);
  }, 60_000);
});
