import { cpSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import { startHoldingNode } from './holding-node.ts';
import { startUrna } from './running.ts';
import { act, closeWorld, openWorld, refusalOf, step, verdictOf } from './world.ts';
import type { World } from './world.ts';

let opened: World | undefined;

beforeAll(async () => {
  opened = await openWorld({ officers: 1, trustees: 2, threshold: 2, registrar: false, box: false, voters: 0 });
}, 300_000);

afterAll(() => closeWorld(opened));

const OK = { exit: 0, code: 'ok' };
const EXTEND = ['record', 'export', '--out', 'record', '--extend'];

function world(): World {
  if (opened === undefined) throw new Error('there is a world');
  return opened;
}

/** The commission's record as it is now, kept under another name. */
function keep(name: string): void {
  const { folder } = world().commission;
  cpSync(join(folder, 'record'), join(folder, name), { recursive: true });
}

function headOf(name: string): string {
  return readFileSync(join(world().commission.folder, name, 'record.json'), 'utf8');
}

/** Whether one record of the commission's extends another. */
function diff(older: string, newer: string): Promise<{ exit: number; code: string }> {
  return verdictOf(world().commission, 'record', 'diff', older, newer);
}

/** Starts a command that is killed while it reads the chain. */
async function killWhileReading(words: readonly string[]): Promise<void> {
  const { chain, commission } = world();
  const node = await startHoldingNode(chain.url, 'eth_getBlockByHash');
  const running = startUrna(commission, ...words, '--rpc', node.url);
  await node.asked;
  await running.kill();
  await node.stop();
}

describe('record export --extend', () => {
  it('begins anew where the first export was killed', async () => {
    const { commission } = world();
    await killWhileReading(['record', 'export', '--out', 'record']);
    expect(readdirSync(commission.folder)).not.toContain('record');
    expect(await urna(commission, 'record', 'export', '--out', 'record')).toMatchObject({ entries: 9 });
    expect(await verdictOf(commission, 'record', 'verify', 'record', '--so-far')).toEqual(OK);
  }, 300_000);

  it('adds what the chain tells since then, and the newer record extends the older', async () => {
    const { commission, trustees } = world();
    keep('nine');
    await step(world(), 'commit', trustees);
    await urna(commission, ...EXTEND);
    expect(await diff('nine', 'record')).toEqual(OK);
    expect(await diff('record', 'nine')).toEqual({ exit: 1, code: 'record/fork' });
    expect(await verdictOf(commission, 'record', 'verify', 'record', '--so-far')).toEqual(OK);
    // As long as one made at once, and the same.
    await urna(commission, 'record', 'export', '--out', 'at-once');
    expect(headOf('record')).toBe(headOf('at-once'));
    keep('eleven');
    await urna(commission, ...EXTEND);
    expect(headOf('record')).toBe(headOf('eleven'));
  }, 300_000);

  it('leaves the record as it was when it is killed, and goes on the next time', async () => {
    const { commission, trustees } = world();
    await step(world(), 'reveal', trustees);
    await killWhileReading(EXTEND);
    expect(headOf('record')).toBe(headOf('eleven'));
    expect(await urna(commission, ...EXTEND)).toMatchObject({ entries: 13 });
    expect(await diff('eleven', 'record')).toEqual(OK);
    expect(await verdictOf(commission, 'record', 'verify', 'record', '--so-far')).toEqual(OK);
  }, 300_000);

  it('finds the record that a killed command had put aside', async () => {
    const { commission } = world();
    const path = join(commission.folder, 'record');
    renameSync(path, `${path}.urna-old`);
    await urna(commission, ...EXTEND);
    expect(headOf('record')).not.toBe(headOf('eleven'));
    expect(await diff('eleven', 'record')).toEqual(OK);
  }, 300_000);

  it('goes on where a reorganisation took back blocks without an entry', async () => {
    const { chain, commission, trustees } = world();
    keep('thirteen');
    const { testClient } = chain;
    const before = await testClient.snapshot();
    await testClient.mine({ blocks: 3 });
    await urna(commission, ...EXTEND);
    await testClient.revert({ id: before });
    await step(world(), 'deal', trustees);
    expect(await urna(commission, ...EXTEND)).toMatchObject({ entries: 15 });
    expect(await diff('thirteen', 'record')).toEqual(OK);
    expect(await verdictOf(commission, 'record', 'verify', 'record', '--so-far')).toEqual(OK);
  }, 300_000);

  it('refuses to extend a record whose entries the chain has given up, and leaves it alone', async () => {
    const { chain, commission, trustees } = world();
    keep('fifteen');
    const before = await chain.testClient.snapshot();
    await step(world(), 'confirm', trustees);
    await urna(commission, 'trustee', 'finish');
    expect(await urna(commission, ...EXTEND)).toMatchObject({ entries: 18 });
    keep('eighteen');
    await chain.testClient.revert({ id: before });
    // Given up without anything in its place, and with another story there.
    const refusal = { exit: 1, code: 'record/fork', message: expect.stringContaining('entry 15') };
    expect(await refusalOf(commission, ...EXTEND)).toMatchObject(refusal);
    await act(world(), 'cancel', '--reason', 'The chain lost what the trustees had made.');
    expect(await refusalOf(commission, ...EXTEND)).toMatchObject(refusal);
    expect(headOf('record')).toBe(headOf('eighteen'));
    // The chain's own story is another record, which extends what both share.
    await urna(commission, 'record', 'export', '--out', 'other');
    expect(await diff('record', 'other')).toEqual({ exit: 1, code: 'record/fork' });
    expect(await diff('fifteen', 'other')).toEqual(OK);
    expect(await verdictOf(commission, 'record', 'verify', 'other')).toEqual(OK);
  }, 300_000);
});
