import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readRound, readStatus } from '../../../contracts/client/election.ts';
import { readUnitResult } from '../../../contracts/client/tally.ts';
import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { ciphertextWords } from '../../../protocol/ballot/ciphertext.ts';
import type { Report } from '../../../protocol/checks/run.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { setupHash } from '../../../protocol/checks/setup-hash.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import { decodeWord, encodeHex, encodeText, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Entry, EntryData, EntryKind } from '../../../protocol/record/entry.ts';
import { startHash } from '../../../protocol/record/chain-hash.ts';
import { decodeEntry, encodeEntryLine } from '../../../protocol/record/entry.ts';
import { recordEntrySchema } from '../../../protocol/record/schema.ts';
import { hashAfter } from '../../../protocol/record/segment.ts';
import { electionWords, pollWords } from '../../../protocol/seals/state.ts';
import type { DeployedElection } from '../deploy/development.ts';
import { deployDevelopment } from '../deploy/development.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { Follower, fromScratch, kindsOf } from './follower.ts';
import { COUNTS, Story } from './story.ts';
import { trapdoorCircuit } from './voters.ts';

const validate = new Ajv2020({ strict: false }).compile(recordEntrySchema());

let chain: EmbeddedChain;
let made: DeployedElection;
let follower: Follower;
let record: readonly Entry[];
let story: Story;
let report: Report;
let anchored: { entries: number; hash: Hex };

beforeAll(async () => {
  chain = await startTestChain();
  made = await deployDevelopment(chain, (definition) => {
    definition['setupHash'] = wordHex(setupHash([trapdoorCircuit()]));
  });
  follower = new Follower(made);
  story = new Story(chain, made);
  await story.approveAndSeal();
  await story.makeKeys();
  await follower.catchUp();
  await story.makeRoll();
  await story.extendAndPrepare();
  await story.vote();
  await follower.catchUp();
  await story.count();
  await follower.catchUp();
  const { definitionHash } = await readStatus(made.at);
  const lines = follower.record.map((entry) => encodeText(encodeEntryLine(entry)));
  const hash = encodeHex(hashAfter({ before: startHash(definitionHash), lines }));
  anchored = { entries: lines.length, hash };
  await story.anchor(anchored.entries, anchored.hash);
  await follower.catchUp();
  record = follower.record;
});
afterAll(() => chain.stop());

describe('follow, through a whole election', () => {
  it('tells every step in order', () => {
    const ceremony = ['commit', 'commit', 'reveal', 'reveal', 'deal', 'deal', 'accuse', 'answer', 'confirm', 'confirm'];
    expect(kindsOf(record).slice(8)).toEqual([
      ...['approve', 'credentials', 'ceremony-commit', 'ceremony-commit', 'ceremony-restart'],
      ...ceremony.map((step) => `ceremony-${step}`),
      ...['ceremony-finish', 'roll-begin', 'roll-members', 'roll-members', 'roll-complete', 'seal', 'extend'],
      ...['poll-ready', 'poll-ready', 'updates', 'updates', 'updates', 'aggregate', 'decryption', 'decryption'],
      ...['counts', 'certify', 'anchor'],
    ]);
  });

  it('numbers entries without gaps, at increasing blocks, each in its schema', () => {
    record.forEach((entry, i) => {
      expect([entry.seq, validate(entry), validate.errors]).toEqual([i, true, null]);
      expect(decodeEntry(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
      if (i > 0) expect(entry.block).toBeGreaterThanOrEqual(record[i - 1]!.block);
      if (i > 0) expect(entry.time).toBeGreaterThanOrEqual(record[i - 1]!.time);
    });
  });

  it('tells the same whether it was read at once, in pieces or block by block', async () => {
    expect(await fromScratch(made)).toEqual(record);
    expect(await fromScratch(made, 1)).toEqual(record);
    expect(await fromScratch(made, 7)).toEqual(record);
  });

  it('goes on from any earlier state', async () => {
    const steps: FollowStep[] = [];
    for await (const step of follow(made.at, { builds: made.builds })) steps.push(step);
    for (const at of [0, Math.floor(steps.length / 2), steps.length - 1]) {
      const known = steps.slice(0, at + 1).flatMap(({ entries }) => entries);
      const rest: Entry[] = [];
      for await (const step of follow(made.at, { builds: made.builds, state: steps[at]!.state }))
        rest.push(...step.entries);
      expect([...known, ...rest]).toEqual(record);
    }
  });

  const of = <K extends EntryKind>(kind: K): EntryData<K>[] =>
    record.flatMap((entry) => (entry.kind === kind ? [entry.data as EntryData<K>] : []));

  it('carries acts with number, expiry and signatures', () => {
    const acts = record.flatMap((entry) => ('act' in entry.data && entry.data.act ? [entry.data.act] : []));
    expect(acts.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(of('anchor')).toMatchObject([anchored]);
    for (const { signatures, expiry } of acts) expect([signatures.length, expiry]).toEqual([2, 10 ** 11]);
    expect(of('roll-begin')[0]?.act).toBeNull();
  });

  it('carries members, updates, skip bitmaps and sums as they stand on chain', async () => {
    expect(of('roll-members').map(({ commitments }) => commitments.map(decodeWord))).toEqual(story.offices.members);
    const updates = of('updates');
    expect(updates.map(({ poll, round, nonEmpty }) => [poll, round, nonEmpty])).toEqual([
      [0, 0, 2],
      [1, 0, 1],
      [0, 1, 2],
    ]);
    expect(updates.map(({ skipped }) => decodeWord(skipped))).toEqual([0n, 0n, 1n]);
    expect(updates.map(({ firsts, laters }) => [firsts.length, laters.length].map((n) => (n - 2) / 64))).toEqual([
      [26, 0],
      [13, 0],
      [13, 36],
    ]);
    const units = of('aggregate').flatMap((each) => each.units);
    expect(of('aggregate')).toHaveLength(1);
    expect(units.map(({ unit, state: what, nonEmpty }) => [unit, what, nonEmpty])).toEqual([
      [0, 'open', 3],
      [1, 'merged', 1],
    ]);
    expect(of('counts')).toEqual([{ unit: 0, counts: COUNTS }]);
    expect(await readUnitResult(made.at, 0)).toMatchObject({ state: 'open', counted: true, counts: COUNTS });
  });

  it('names who was excluded from the ceremony and gives keys of the others', () => {
    expect(of('ceremony-restart')).toEqual([{ attempt: 2, excluded: [3] }]);
    const [keys] = of('ceremony-finish');
    expect(keys?.vk.map(({ trustee, points }) => [trustee, points.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect([keys?.pk.length, keys?.pk2.length]).toEqual([1, 1]);
  });

  it('passes all the numbered checks', async () => {
    const { credentials, registrations } = story.offices;
    report = await runChecks(record, {
      definition: encodeDefinition(made.definition),
      ...{ credentials, registrations: [registrations], reasons: [undefined] },
      ...{ circuits: [trapdoorCircuit()], build: made.builds },
    });
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report).toMatchObject({ ok: true, complete: true, entries: record.length });
    expect(report.checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  // What validators' seals are compared with (SPEC §14.8): other places or another order of what is packed there would be another contract.
  it('finds acts and ballots where the contracts keep them', async () => {
    const word = async (address: Hex, place: bigint): Promise<bigint> => {
      const slot = wordHex(place);
      return BigInt((await chain.publicClient.getStorageAt({ address, slot })) ?? 0);
    };
    const acts = record.filter(({ data }) => 'act' in data && data.act !== null).length;
    const closings = [made.definition.times.closesAt, ...of('extend').map(({ closesAt }) => closesAt)];
    const state = { acts, approved: true, cancelled: false, certified: true };
    for (const [place, expected] of electionWords(state, closings)) {
      expect(await word(made.at.election, place)).toBe(expected);
    }
    expect(report.replay?.polls.size).toBe(2);
    for (const [poll, { setting, slots, sums }] of report.replay?.polls ?? []) {
      const k = of('poll-ready').find((each) => each.poll === poll)?.k ?? '0x';
      const key = [k.slice(2, 66), k.slice(66)].map((half) => BigInt(`0x${half}`));
      const size = { members: setting.members, lanes: 1, nonEmpty: slots.size, boxes: made.definition.boxes.length };
      for (const [place, expected] of pollWords(poll, { ...size, key, sums: ciphertextWords(sums) })) {
        expect(await word(made.at.ballots, place)).toBe(expected);
      }
    }
  });

  it('keeps its state small', () => {
    expect(follower.state?.marks.length).toBeLessThanOrEqual(48);
    expect(follower.state?.seq).toBe(record.length);
  });

  it('refuses the state of another election', async () => {
    const other = { ...follower.state!, election: made.deployment.roll };
    const run = follow(made.at, { builds: made.builds, state: other }).next();
    await expect(run).rejects.toMatchObject({ code: 'follow/state' });
  });

  it('leaves an election that is certified and no longer open', async () => {
    expect((await readStatus(made.at)).phase).toBe('certified');
    await expect(readRound(made.at)).rejects.toMatchObject({ code: 'chain/outside-rounds' });
  });
});
