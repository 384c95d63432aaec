import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readUpdateReceipt } from '../../../protocol/receipts/update-receipt.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { Described } from '../fuzz/described.ts';
import { fuzzRoutes } from '../fuzz/fuzz-routes.ts';
import type { Body } from '../fuzz/one-change.ts';
import { fuzzBody } from '../fuzz/one-change.ts';
import { describedAt, expectDescribed } from '../fuzz/routes.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import type { TestBox } from './box.ts';
import { startBox } from './box.ts';

/** What changed updates fail by that do not get far. */
const FORM = ['request/schema', 'update/election'];

// Minutes where other work has the cores.
jest.setTimeout(600_000);

let world: ServerWorld;
let box: TestBox;
let document: Described;
beforeAll(async () => {
  world = await openWorld();
  box = await startBox(world, 0, { connectionRate: 10_000 });
  document = await describedAt(box.url);
});
afterAll(async () => {
  await box.close();
  await world.close();
});

describe('ballot box', () => {
  it('has the routes of DESIGN §4 and describes them in valid OpenAPI', async () => {
    await expectDescribed('ballot-box', document, box.service.app.server);
  });

  it('answers whatever it is sent with a receipt, a fate or a problem of SPEC §16', async () => {
    const first = world.voters.noise(0, world.voters.nullifier(1));
    const { tracker } = readUpdateReceipt((await box.post(first.body)).body);
    expect(await fuzzRoutes(box.url, document, 200, { tracker: [tracker] })).toBe(1000);
    expect((await fetch(`${box.url}/v1/healthz`)).status).toBe(200);
  });

  it('takes no first ballot with anything changed', async () => {
    const codes = await refusedChanges(world.voters.noise(0, world.voters.nullifier(2)));
    expect([...codes]).toEqual(expect.arrayContaining([...FORM, 'update/point', 'update/proof']));
  });

  it('takes no changed vote with anything changed', async () => {
    const first = world.voters.noise(0, world.voters.nullifier(3));
    await world.voters.post([first], world.made.sender(PAYER));
    await box.caughtUp();
    const codes = await refusedChanges(world.voters.noise(0, first.after.nullifier, first.after));
    expect([...codes]).toEqual(expect.arrayContaining([...FORM, 'update/stale', 'update/proof']));
  });
});

/** Codes of an update's changes; as it was made it is taken. */
async function refusedChanges({ body }: SimulatedUpdate): Promise<ReadonlySet<string>> {
  const codes = await fuzzBody(box.url, document, '/v1/updates', JSON.parse(body) as Body, 200);
  expect(await box.post(body)).toMatchObject({ status: 202 });
  return codes;
}
