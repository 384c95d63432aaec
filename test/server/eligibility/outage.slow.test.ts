import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDistrictState, readNewestVersion } from '../../../contracts/client/roll.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { at } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { toField } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { ServiceProcess } from '../../client/walks/service-process.ts';
import { startService } from '../../client/walks/service-process.ts';
import type { Line } from '../ballot-box/processes.ts';
import { lineTo } from '../ballot-box/processes.ts';
import { eventually } from './eventually.ts';
import { serviceFlags } from './service-flags.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const VOTERS = 6;
/** Where nothing listens. */
const NOWHERE = 'http://127.0.0.1:9';

let world: RegistrarWorld;
let line: Line;
let service: ServiceProcess;

beforeAll(async () => {
  world = await openRegistration([VOTERS, 1]);
  line = await lineTo(world.settings.rpc);
  service = await startService('eligibility', { ...serviceFlags(world.settings), rpc: line.url });
}, 600_000);
afterAll(async () => {
  await service.kill();
  await line.close();
  await world.close();
});

/** The last registration of each voter for which there is a receipt. */
const promised = Array.from({ length: VOTERS }, () => ({ sequence: 0, receipt: null as Json }));
/** Codes with which registrations of each voter were turned away since somebody last asked. */
const refusals = promised.map((): string[] => []);

const commitmentOf = (voter: number, sequence: number): Field => toField(BigInt(1000 * (voter + 1) + sequence));

/** A voter's registration until it has a receipt: sent again as it was, whatever happened to it. */
async function registerNext(voter: number, isOver: () => boolean): Promise<void> {
  const sequence = at(promised, voter).sequence + 1;
  const body = JSON.stringify(bodyOf(world.sign(world.voter(0, voter), sequence, commitmentOf(voter, sequence))));
  const headers = { 'content-type': 'application/json' };
  while (!isOver()) {
    const response = await fetch(`${service.url}/v1/registrations`, { method: 'POST', body, headers }).catch(
      () => undefined,
    );
    const answer = parseJson((await response?.text()) ?? 'null') as Record<string, Json> | null;
    if (response?.status === 202) {
      promised[voter] = { sequence, receipt: answer };
      return;
    }
    at(refusals, voter).push(String(answer?.['type'] ?? 'no answer').replace('urn:urna:error:', ''));
    await pause(50);
  }
}

/** Every voter registers a new commitment as soon as there is a receipt for the last, while `trouble` takes its course and until all have got through after it. */
async function underLoad(trouble: () => Promise<void>): Promise<void> {
  let isOver = false;
  const ends = Date.now() + 90_000;
  const tooLate = (): boolean => Date.now() > ends;
  const voters = promised.map(async (_, voter) => {
    while (!isOver && !tooLate()) await registerNext(voter, tooLate);
  });
  await trouble();
  const before = promised.map(({ sequence }) => sequence);
  await eventually(async () => promised.every(({ sequence }, i) => sequence > at(before, i)));
  isOver = true;
  await Promise.all(voters);
  expect(tooLate()).toBe(false);
}

/** Waits until every voter has been turned away: what was asked before has its answer, since nobody asks twice at once. @returns the codes */
async function allTurnedAway(): Promise<string[]> {
  for (const own of refusals) own.splice(0);
  await eventually(async () => refusals.every((own) => own.length > 0));
  return refusals.flat();
}

/** What the registrar has is, of each voter, exactly what it gave the last receipt for. */
async function expectAllKept(): Promise<void> {
  for (const [voter, { sequence, receipt }] of promised.entries()) {
    const response = await fetch(`${service.url}/v1/registrations/${world.voter(0, voter).key}`);
    expect(await response.json()).toMatchObject({ state: 'registered', sequence, receipt });
  }
}

describe('a registrar under load', () => {
  it('loses nothing when its Redis is killed and comes back with its file', async () => {
    await underLoad(async () => {
      for (let i = 0; i < 3; i++) {
        await pause(400);
        process.kill(world.redis.pid, 'SIGKILL');
        await world.redis.ended;
        expect(await allTurnedAway()).toContain('busy/store');
        world.redis = await startPrivateRedis(join(world.folder, 'redis'));
      }
    });
    await expectAllKept();
  }, 600_000);

  it('takes nothing while the chain is out of reach, and goes on by itself when it is there again', async () => {
    await underLoad(async () => {
      line.divert(NOWHERE);
      const codes = await allTurnedAway();
      expect(codes.filter((code) => !/^(?:busy|chain)\//u.test(code))).toEqual([]);
      const before = promised.map(({ sequence }) => sequence);
      await pause(1_500);
      expect(promised.map(({ sequence }) => sequence)).toEqual(before);
      line.divert(world.settings.rpc);
    });
    await expectAllKept();
  }, 600_000);

  it('closes the roll by itself when registration ended while the chain was out of reach, and its Redis was killed, too', async () => {
    const { at: election, definition } = world.made;
    line.divert(NOWHERE);
    await world.chain.advanceTo(definition.times.registrationCloses);
    process.kill(world.redis.pid, 'SIGKILL');
    await world.redis.ended;
    line.divert(world.settings.rpc);
    await pause(2_500);
    expect(await readNewestVersion(election)).toBeUndefined();
    world.redis = await startPrivateRedis(join(world.folder, 'redis'));
    await eventually(async () => ((await readNewestVersion(election))?.completedAt ?? 0) > 0);
    const members = promised.map(({ sequence }, voter) => commitmentOf(voter, sequence));
    const root = treeRoot(
      buildTree(
        await loadPoseidon(),
        members.toSorted((a, b) => (a < b ? -1 : 1)),
      ),
    );
    expect(await readDistrictState(election, 1, 0)).toMatchObject({ members: VOTERS, root });
    await expectAllKept();
  }, 600_000);
});
