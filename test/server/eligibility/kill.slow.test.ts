import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDistrictState, readNewestVersion } from '../../../contracts/client/roll.ts';
import {
  decodeRegistrationFile,
  membersOf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { registrationsFile } from '../../../server/eligibility/roll/published.ts';
import type { ServiceProcess } from '../../client/walks/service-process.ts';
import { startService } from '../../client/walks/service-process.ts';
import { eventually } from './eventually.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const VOTERS = 12;
let world: RegistrarWorld;
let service: ServiceProcess | undefined;

beforeAll(async () => {
  world = await openRegistration([VOTERS, 1]);
}, 120_000);
afterAll(async () => {
  await service?.kill();
  await world.close();
});

async function start(): Promise<ServiceProcess> {
  const given = Object.entries(world.settings).filter(([name, value]) => value !== '' && name !== 'port');
  const settings = given.map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)] as const,
  );
  service = await startService('eligibility', Object.fromEntries(settings));
  return service;
}

async function register(url: string, voter: number): Promise<unknown> {
  const body = JSON.stringify(bodyOf(world.sign(world.voter(0, voter))));
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/registrations`, { method: 'POST', body, headers });
  return response.status === 202 ? response.json() : undefined;
}

describe('a registrar that is killed', () => {
  it('while registrations come in has lost none that it gave a receipt for, and takes the others when they are sent again', async () => {
    const all = Array.from({ length: VOTERS }, (_, i) => i);
    const receipts = new Map<number, unknown>();
    for (let round = 0; round < 3; round++) {
      const running = await start();
      const asked = all.map(async (voter) => {
        const receipt = await register(running.url, voter).catch(() => undefined);
        if (receipt === undefined) return;
        expect([voter, receipts.get(voter) ?? receipt]).toEqual([voter, receipt]);
        receipts.set(voter, receipt);
      });
      // As soon as the first are answered, or each time later.
      await Promise.race(asked.slice(0, round + 1));
      await running.kill();
      await Promise.all(asked);
    }
    const running = await start();
    for (const voter of all) {
      const receipt = await register(running.url, voter);
      expect(receipt).toBeDefined();
      expect(receipts.get(voter) ?? receipt).toEqual(receipt);
    }
    await running.kill();
  });

  it('between any two steps of posting the roll goes on where the chain stands', async () => {
    const { at, definition } = world.made;
    const { testClient } = world.chain;
    await world.chain.advanceTo(definition.times.registrationCloses);
    const waiting = async (): Promise<number> => Number((await testClient.getTxpoolStatus()).pending);
    // Begin, append, complete: each is sent, then the service killed before its block; then killed after it, before the next is sent.
    for (let step = 0; step < 3; step++) {
      await testClient.setAutomine(false);
      await start();
      await eventually(async () => (await waiting()) > 0);
      await service?.kill();
      await testClient.mine({ blocks: 1 });
      await testClient.setAutomine(true);
    }
    await start();
    await eventually(async () => ((await readNewestVersion(at))?.completedAt ?? 0) > 0);
    const entries = decodeRegistrationFile(readFileSync(registrationsFile(world.settings.publishFolder, 1)));
    expect(entries).toHaveLength(VOTERS);
    expect(await readNewestVersion(at)).toMatchObject({
      version: 1,
      registrationsRoot: wordHex(registrationsRoot(entries)),
    });
    const [members = []] = membersOf(entries, 2);
    const root = treeRoot(buildTree(await loadPoseidon(), members));
    expect(await readDistrictState(at, 1, 0)).toMatchObject({ members: VOTERS, root });
  });
});
