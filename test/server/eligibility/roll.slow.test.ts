import { cpSync, existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRollSealed, readDistrictState, readNewestVersion } from '../../../contracts/client/roll.ts';
import {
  decodeRegistrationFile,
  membersOf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { decodeNumber, wordHex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { decodeTile, pathFromTiles } from '../../../protocol/roll/tiles.ts';
import { WordList } from '../../../protocol/word-list.ts';
import { closeRoll, publishFirst } from '../../../server/eligibility/roll/close-roll.ts';
import { registrationsFile } from '../../../server/eligibility/roll/published.ts';
import { buildTiles } from '../../../server/eligibility/roll/tiles.ts';
import { takeRegistration, takeRevocation } from '../../../server/eligibility/store/register.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { openTilePool } from '../../../server/frame/tile-pool.ts';
import { eventually } from './eventually.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const COUNTS = [6, 3] as const;
let world: RegistrarWorld;
let services: EligibilityService[];
let url: string;

beforeAll(async () => {
  world = await openRegistration([...COUNTS]);
  const other = { ...world.settings, publishFolder: `${world.folder}/published-2` };
  services = [];
  for (const settings of [world.settings, other]) {
    services.push(await createEligibility(settings, { write: () => undefined }));
  }
  url = await services[0]!.app.server.listen({ host: '127.0.0.1', port: 0 });
  const { register } = services[0]!.eligibility;
  for (const [district, count] of COUNTS.entries()) {
    for (let i = 0; i < count; i++) await takeRegistration(register, world.sign(world.voter(district, i)), 1);
  }
  await takeRegistration(register, world.sign(world.voter(0, 1), 2, 99n as Field), 1);
  const [lost, next] = [world.voter(0, 0), world.spare(0)];
  await takeRevocation(register, { district: 0, credentialKey: lost.key, replacement: next.key });
  await takeRegistration(register, world.sign(next), 1);
}, 300_000);
afterAll(async () => {
  for (const { app, close } of services) {
    await app.server.close();
    await close();
  }
  await world.close();
});

const bytesAt = async (path: string): Promise<Uint8Array> =>
  new Uint8Array(await (await fetch(`${url}/v1/${path}`)).arrayBuffer());

describe('while registration is open', () => {
  it('publishes nothing', async () => {
    await closeRoll(services[0]!.eligibility);
    expect((await fetch(`${url}/v1/registrations.jsonl`)).status).toBe(404);
    expect(existsSync(world.settings.publishFolder)).toBe(false);
  });

  it('takes a registration up to the block time before the close, and none from the close on', async () => {
    const { registrationCloses } = world.made.definition.times;
    const post = (index: number): Promise<Response> => {
      const body = JSON.stringify(bodyOf(world.sign(world.voter(0, index), 2)));
      return fetch(`${url}/v1/registrations`, {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'application/json' },
      });
    };
    await world.chain.advanceTo(registrationCloses - 1);
    const last = await post(3);
    expect(last.status).toBe(202);
    expect(await last.json()).toMatchObject({ statement: { time: registrationCloses - 1 } });
    // At once: what was read of the chain for the one before must not serve this one.
    await world.chain.advanceTo(registrationCloses);
    const late = await post(4);
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('state/registration')]);
  });
});

describe('after registration', () => {
  it('puts every registration on chain, by itself, once, whichever instance does it', async () => {
    const { at } = world.made;
    await eventually(async () => ((await readNewestVersion(at))?.completedAt ?? 0) > 0);
    const newest = await readNewestVersion(at);
    const bytes = readFileSync(registrationsFile(world.settings.publishFolder, 1));
    const entries = decodeRegistrationFile(bytes);
    expect(entries).toHaveLength(COUNTS[0] + COUNTS[1] + 1);
    expect([newest?.version, newest?.registrationsRoot]).toEqual([1, wordHex(registrationsRoot(entries))]);
    const poseidon = await loadPoseidon();
    for (const [district, members] of membersOf(entries, 2).entries()) {
      const state = await readDistrictState(at, 1, district);
      expect(state).toMatchObject({ members: members.length, root: treeRoot(buildTree(poseidon, members)) });
    }
    expect(await isRollSealed(at)).toBe(false);
  });

  it('publishes the same files at every instance', async () => {
    await Promise.all(services.map(({ eligibility }) => publishFirst(eligibility)));
    const [one, two] = services.map(({ eligibility }) => readFileSync(registrationsFile(eligibility.publishFolder, 1)));
    expect(one).toEqual(two);
  });

  it('serves registrations and tiles, for ever where the version is named', async () => {
    const response = await fetch(`${url}/v1/registrations.jsonl`);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const named = await fetch(`${url}/v1/registrations.jsonl?version=1`);
    expect(named.headers.get('cache-control')).toContain('immutable');
    const text = await named.text();
    expect(await response.text()).toBe(text);
    const members = membersOf(decodeRegistrationFile(new TextEncoder().encode(text)), 2);
    const [lower, upper] = [await bytesAt('tiles/0/0/0'), await bytesAt('tiles/0/1/0?version=1')];
    expect(decodeTile(lower)).toEqual(members[0]);
    const path = pathFromTiles(await loadPoseidon(), 2, decodeTile(lower), decodeTile(upper));
    expect(path.root).toBe((await readDistrictState(world.made.at, 1, 0)).root);
    for (const none of [
      'tiles/0/0/1',
      'tiles/2/0/0',
      'tiles/0/1/1',
      'registrations.jsonl?version=2',
      'reasons.json?version=1',
    ]) {
      expect([none, (await fetch(`${url}/v1/${none}`)).status]).toEqual([none, 404]);
    }
    for (const bad of ['tiles/0/2/0', 'tiles/00/0/0', 'tiles/..%2f/0/0', 'registrations.jsonl?version=0']) {
      expect([bad, (await fetch(`${url}/v1/${bad}`)).status]).toEqual([bad, 400]);
    }
  });

  it('takes nothing more, even where an instance has not seen yet that it is over', async () => {
    const { register } = services[0]!.eligibility;
    const late = takeRegistration(register, world.sign(world.voter(0, 2), 2), 1);
    await expect(late).rejects.toMatchObject({ code: 'state/registration' });
    const revocation = { district: 0, credentialKey: world.voter(0, 2).key, replacement: null };
    await expect(takeRevocation(register, revocation)).rejects.toMatchObject({ code: 'state/registration' });
  });

  it('does nothing more to a version that is complete', async () => {
    cpSync(world.settings.publishFolder, `${world.folder}/copy`, { recursive: true });
    const block = await world.chain.publicClient.getBlockNumber();
    await closeRoll(services[0]!.eligibility);
    expect(await world.chain.publicClient.getBlockNumber()).toBe(block);
  });
});

describe('buildTiles', () => {
  it.each([0, 1, 4096, 4097])('has the root of %d members, in as many tiles as it takes', async (size) => {
    const pool = openTilePool(2);
    const [members, numbers] = [new WordList(), [] as Field[]];
    for (let i = 1; i <= size; i++) {
      const number = (BigInt(i) * 10n ** 70n) as Field;
      numbers.push(number);
      members.push(Buffer.from(wordHex(number).slice(2), 'hex'));
    }
    const { root, lower, upper } = await buildTiles(pool, members);
    await pool.close();
    const poseidon = await loadPoseidon();
    expect(decodeNumber(root)).toBe(treeRoot(buildTree(poseidon, numbers)));
    expect(lower.map((tile) => tile.length / 32).reduce((sum, count) => sum + count, 0)).toBe(size);
    if (size === 0) return;
    const index = size - 1;
    const tile = decodeTile(lower[Math.floor(index / 4096)]!);
    expect(pathFromTiles(poseidon, index, tile, decodeTile(upper)).root).toBe(decodeNumber(root));
  });
});
