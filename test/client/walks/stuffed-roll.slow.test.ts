import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import { decodeCredentialList } from '../../../protocol/credentials/credential-list.ts';
import { decodeRegistrationFile } from '../../../protocol/credentials/registration-file.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { inventRegistration, postMixedRoll, publishRegistrations, stuff } from './dishonest-registrar.ts';
import { collect, giveCredentials, register } from './electorate.ts';
import { closeWorld, exportFor, openWorld, refusalOf, verdictOf } from './world.ts';
import type { Keyed, World } from './world.ts';

let opened: World | undefined;
/** What the one voter who registers signed, as the registrar collected it. */
let honest: Uint8Array;
let before: Hex;

function cast(): { world: World; registrar: Keyed; officer: Keyed } {
  const [officer] = opened?.officers ?? [];
  if (opened?.registrar === undefined || officer === undefined) throw new Error('a registrar and an officer take part');
  return { world: opened, registrar: opened.registrar, officer };
}

beforeAll(async () => {
  opened = await openWorld({ officers: 1, trustees: 1, threshold: 1, registrar: true, box: false, voters: 2 });
  const { world, registrar } = cast();
  const [voter] = world.voters;
  if (voter === undefined) throw new Error('a voter takes part');
  await giveCredentials(world);
  await world.chain.advanceTo(world.times.registrationOpens + 60);
  await register(voter, registrar);
  await world.chain.advanceTo(world.times.registrationCloses + 60);
  honest = readFileSync(join(registrar.folder, await collect(world, registrar, 1, ['registrations'])));
  before = await world.chain.testClient.snapshot();
}, 300_000);

/** Each registrar begins with an empty roll. */
beforeEach(async () => {
  const { testClient } = cast().world.chain;
  await testClient.revert({ id: before });
  before = await testClient.snapshot();
});

afterAll(() => closeWorld(opened));

/** The registrar publishes a file and posts the roll that it makes. */
async function postStuffed(extra: Registration): Promise<void> {
  const { world, registrar } = cast();
  publishRegistrations(world, registrar, stuff(honest, extra));
  await urna(registrar, 'roll', 'post', '--registrations', 'public/registrations-1.jsonl');
}

/** What the officer calls once the time for challenges has passed. */
async function sealWords(): Promise<string[]> {
  const { world, officer } = cast();
  await world.chain.advance(world.times.challengeSeconds + 60);
  const record = await exportFor(world, [officer]);
  const common = ['--key', 'key.age', '--record', record, '--expires', String(world.times.closesAt)];
  const roll = ['--registrations', 'public/registrations-1.jsonl', '--roll-version', '1'];
  return ['officer', 'sign', 'seal', ...common, '--out', `${record}-seal.json`, ...roll];
}

const BY_CHECK_6 = { exit: 1, code: 'check/failed', message: expect.stringMatching(/^do not seal: check 6 /u) };

describe('a registrar who puts a member of its own on the roll', () => {
  it('gets no seal for a registration that a key without a letter signed', async () => {
    await postStuffed(await inventRegistration(cast().registrar));
    expect(await refusalOf(cast().officer, ...(await sealWords()))).toMatchObject(BY_CHECK_6);
  }, 300_000);

  it('gets no seal for a registration in the name of a voter who made none', async () => {
    const { registrar } = cast();
    const taken = new Set(decodeRegistrationFile(honest).map(({ credentialKey }) => credentialKey));
    const list = decodeCredentialList(readFileSync(join(registrar.folder, 'public', 'credentials', 'north.json')));
    const idle = list.keys.find((key) => !taken.has(key));
    if (idle === undefined) throw new Error('a voter has not registered');
    await postStuffed(await inventRegistration(registrar, idle));
    expect(await refusalOf(cast().officer, ...(await sealWords()))).toMatchObject(BY_CHECK_6);
  }, 300_000);

  it('gets no seal where the published registrations are right and the roll on chain is not theirs', async () => {
    const { world, registrar, officer } = cast();
    const stuffed = stuff(honest, await inventRegistration(registrar));
    await postMixedRoll(world, registrar, honest, stuffed);
    publishRegistrations(world, registrar, honest);
    expect(await verdictOf(officer, ...(await sealWords()))).toEqual({ exit: 3, code: 'roll/mismatch' });
    // Nor with the file of the roll's members, whose root the chain does not have.
    publishRegistrations(world, registrar, stuffed);
    expect(await refusalOf(officer, ...(await sealWords()))).toMatchObject(BY_CHECK_6);
  }, 300_000);

  it('gets it for the roll of those who registered', async () => {
    const { world, registrar, officer } = cast();
    publishRegistrations(world, registrar, honest);
    await urna(registrar, 'roll', 'post', '--registrations', 'public/registrations-1.jsonl');
    expect(await verdictOf(officer, ...(await sealWords()))).toEqual({ exit: 0, code: 'ok' });
  }, 300_000);
});
