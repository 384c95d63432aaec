import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forgeRecord } from '../../../client/cli/demo/forge.ts';
import { hand, urna } from '../../../client/cli/demo/party.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { nextHash, startHash } from '../../../protocol/record/chain-hash.ts';
import { readHead } from '../../../protocol/record/files.ts';
import { readValues } from '../../../protocol/record/read-record.ts';
import { decryptBlindly } from './colluding-trustee.ts';
import { castNow, openVote } from './electorate.ts';
import { closeWorld, exportFor, openWorld, refusalOf, sign, verdictOf } from './world.ts';
import type { Keyed, World } from './world.ts';

let opened: World | undefined;
/** The officers' anchor of the true record, signed. */
let anchor: string[];
/** The chain that leaves a ballot out, closed and settled, without an anchor. */
let thinned: Hex;

function cast(): { world: World; officer: Keyed; trustee: Keyed } {
  const [[officer], [trustee]] = [opened?.officers ?? [], opened?.trustees ?? []];
  if (opened === undefined || officer === undefined || trustee === undefined) throw new Error('nobody takes part');
  return { world: opened, officer, trustee };
}

/** Two ballots, counted and ready to be certified; then the same chain as a node tells it that never saw the second. */
beforeAll(async () => {
  opened = await openWorld({ officers: 1, trustees: 1, threshold: 1, registrar: true, box: true, voters: 2 });
  const { chain, registrar, box, voters, times, commission } = opened;
  const [first, second] = voters;
  if (registrar === undefined || box === undefined || first === undefined || second === undefined)
    throw new Error('two voters, a registrar and a box take part');
  await openVote(opened, registrar);
  await castNow(first, box, 'yes');
  const settled = times.closesAt + times.graceSeconds + times.settleSeconds + 60;
  const before = await chain.testClient.snapshot();
  await castNow(second, box, 'no');
  await chain.advanceTo(settled);
  anchor = await sign(opened, commission, 'anchor');
  await chain.testClient.revert({ id: before });
  await chain.advanceTo(settled);
  thinned = await chain.testClient.snapshot();
}, 600_000);

afterAll(() => closeWorld(opened));

const certifyWords = (record: string): string[] => {
  const expires = String(cast().world.times.closesAt + 30 * 86_400);
  const common = ['--key', 'key.age', '--record', record, '--expires', expires];
  return ['officer', 'sign', 'certify', ...common, '--out', `${record}-certify.json`];
};

/** Sums, decryption by a trustee who is in it, and counts. @returns the record up to the certificate, in the officer's folder */
async function countThinned(): Promise<string> {
  const { world, officer, trustee } = cast();
  await urna(world.commission, 'tally', 'aggregate');
  const file = await decryptBlindly(trustee, 1, await exportFor(world, [trustee]));
  hand(trustee, world.commission, [file]);
  await urna(world.commission, 'trustee', 'post', file);
  await urna(world.commission, 'tally', 'count');
  return exportFor(world, [officer]);
}

/** The hash of a record's first `entries` entries (SPEC §14.4). */
async function hashAfter(path: string, entries: number): Promise<Hex> {
  const files = folderFiles(path);
  const head = await readHead(files);
  let hash = startHash(head.definitionHash);
  let left = entries;
  for await (const value of readValues(files, head)) if (left-- > 0) hash = nextHash(hash, canonicalBytes(value));
  return encodeHex(hash);
}

describe('an officer asked to certify a record that leaves out a ballot, decrypted by trustees who are in it', () => {
  it('refuses it with the anchor of the true record, by check 19', async () => {
    const { world, officer } = cast();
    await urna(world.commission, 'officer', 'submit', ...anchor);
    const record = await countThinned();
    const refusal = { exit: 1, code: 'check/failed', message: expect.stringMatching(/^do not certify: check 19 /u) };
    expect(await refusalOf(officer, ...certifyWords(record))).toMatchObject(refusal);
  }, 300_000);

  it('refuses it with an anchor that fits, which no officer signed, by check 4', async () => {
    const { world, officer } = cast();
    const record = await exportFor(world, [officer]);
    const path = join(officer.folder, record);
    const entries = await entriesBefore(path, 'anchor');
    const hash = await hashAfter(path, entries);
    await forgeRecord(path, join(officer.folder, 'forged'), 'anchor', (data) => ({ ...data, entries, hash }));
    const refusal = { exit: 1, code: 'check/failed', message: expect.stringMatching(/^do not certify: check 4 /u) };
    expect(await refusalOf(officer, ...certifyWords('forged'))).toMatchObject(refusal);
  }, 300_000);

  it('refuses it without any anchor', async () => {
    const { world, officer } = cast();
    await world.chain.testClient.revert({ id: thinned });
    const record = await countThinned();
    // Nothing else is wrong with it.
    expect(await verdictOf(world.observer, 'record', 'verify', join(officer.folder, record))).toEqual({
      exit: 6,
      code: 'incomplete/record',
    });
    expect(await verdictOf(officer, ...certifyWords(record))).toEqual({ exit: 4, code: 'state/anchor' });
  }, 300_000);
});

/** How many entries stand before the first of a kind. */
async function entriesBefore(path: string, kind: string): Promise<number> {
  const files = folderFiles(path);
  let before = 0;
  for await (const value of readValues(files, await readHead(files))) {
    if ((value as { readonly kind: string }).kind === kind) return before;
    before += 1;
  }
  throw new Error(`the record holds no ${kind}`);
}
