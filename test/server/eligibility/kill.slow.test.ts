import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
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
import { decodeTile } from '../../../protocol/roll/tiles.ts';
import {
  newestPublished,
  readPublished,
  registrationsFile,
  tileFile,
} from '../../../server/eligibility/roll/published.ts';
import { flagOf } from '../../../server/frame/settings.ts';
import type { ServiceProcess } from '../../client/walks/service-process.ts';
import { startService } from '../../client/walks/service-process.ts';
import { eventually } from './eventually.ts';
import { serviceFlags } from './service-flags.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const VOTERS = 12;
let world: RegistrarWorld;
let service: ServiceProcess | undefined;

beforeAll(async () => {
  world = await openRegistration([VOTERS, 1]);
}, 600_000);
afterAll(async () => {
  await service?.kill();
  await world.close();
});

async function start(): Promise<ServiceProcess> {
  service = await startService('eligibility', serviceFlags(world.settings));
  return service;
}

/** A registrar that is killed right after its nth change of a published file. @returns what that was */
async function killedAfter(step: number): Promise<string> {
  const flags = Object.entries({ ...serviceFlags(world.settings), port: '0' }).flatMap(([name, value]) => [
    `--${flagOf(name)}`,
    value,
  ]);
  const [program, preload] = ['../../../dist/eligibility.mjs', 'kill-at-step.mjs'].map((name) =>
    join(import.meta.dirname, name),
  ) as [string, string];
  const env = {
    PATH: process.env['PATH'],
    KILL_AFTER: String(step),
    KILL_FOLDER: world.settings.publishFolder,
  };
  const child = spawn(process.execPath, ['--no-warnings', '--import', preload, program, ...flags], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [, signal] = (await once(child, 'close')) as [unknown, string];
  expect([signal, said]).toEqual(['SIGKILL', expect.stringContaining('killed after ')]);
  return /killed after (\w+)/u.exec(said)?.[1] ?? '';
}

/** Files that stand beside their places, not wholly written or not moved. */
function leftovers(): string[] {
  const { publishFolder } = world.settings;
  const names = readdirSync(publishFolder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(?:part|tmp)$/u.test(name)).map((name) => join(publishFolder, name));
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
  }, 300_000);

  it('after any one step of publishing the roll leaves nothing half published, and goes on', async () => {
    const { definition } = world.made;
    await world.chain.testClient.setAutomine(false);
    await world.chain.advanceTo(definition.times.registrationCloses);
    const { publishFolder } = world.settings;
    const killed: string[] = [];
    while ((await newestPublished(publishFolder)) === 0) {
      killed.push(await killedAfter(killed.length + 1));
      // What can be found is whole: the head is written last.
      const published = await readPublished(publishFolder, 1);
      if (published === undefined) continue;
      const entries = decodeRegistrationFile(readFileSync(registrationsFile(publishFolder, 1)));
      expect(published.registrationsRoot).toBe(wordHex(registrationsRoot(entries)));
    }
    // A file beside its place, then in its place: the registrations, two tiles, and the head.
    expect(killed).toEqual(Array.from({ length: 4 }, () => ['mkdir', 'open', 'rename']).flat());
    const [members = []] = membersOf(decodeRegistrationFile(readFileSync(registrationsFile(publishFolder, 1))), 2);
    expect(decodeTile(readFileSync(tileFile(publishFolder, 1, 0, 0, 0)))).toEqual(members);
    await world.chain.testClient.setAutomine(true);
  }, 600_000);

  it('between any two steps of posting the roll goes on where the chain stands', async () => {
    const { at } = world.made;
    const { testClient } = world.chain;
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
    // What the processes that were killed have left beside the files, half an hour later, goes when the next one starts.
    const before = leftovers();
    expect(before.length).toBeGreaterThan(3);
    for (const path of before) utimesSync(path, Date.now() / 1000 - 1_800, Date.now() / 1000 - 1_800);
    await start();
    await eventually(async () => ((await readNewestVersion(at))?.completedAt ?? 0) > 0);
    expect(leftovers()).toEqual([]);
    const entries = decodeRegistrationFile(readFileSync(registrationsFile(world.settings.publishFolder, 1)));
    expect(entries).toHaveLength(VOTERS);
    expect(await readNewestVersion(at)).toMatchObject({
      version: 1,
      registrationsRoot: wordHex(registrationsRoot(entries)),
    });
    const [members = []] = membersOf(entries, 2);
    const root = treeRoot(buildTree(await loadPoseidon(), members));
    expect(await readDistrictState(at, 1, 0)).toMatchObject({ members: VOTERS, root });
  }, 600_000);
});
