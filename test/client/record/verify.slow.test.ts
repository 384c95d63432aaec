import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { slotIn, viewSlots } from '../../../client/cli/record/slot-book.ts';
import { viewBallots, viewElection } from '../../../client/cli/record/view.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { O, sum } from '../../../protocol/math/curve.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import type { EntryData } from '../../../protocol/record/entry.ts';
import { readHead } from '../../../protocol/record/files.ts';
import { TAMPERS } from '../../protocol/checks/world/tampers.ts';
import { buildWorld } from '../../protocol/checks/world/world.ts';
import type { World } from '../../protocol/checks/world/world.ts';
import { lieOf } from '../../tampered/corpus.ts';
import { longRecord } from '../../tampered/long-record.ts';
import { DAMAGES } from '../../tampered/structural.ts';
import { writeRecord } from '../../tampered/write.ts';
import { newFolder, urna, verdict } from '../cli/urna.ts';
import type { Run } from '../cli/urna.ts';

const folder = newFolder();
let world: World;

beforeAll(async () => {
  world = await buildWorld();
  await writeRecord(join(folder, 'whole'), world.entries, world.evidence);
  await writeRecord(join(folder, 'early'), world.entries.slice(0, 40), world.evidence);
  await longRecord(join(folder, 'long'), world);
});

interface Check {
  readonly number: number;
  readonly items: number;
  readonly ok: boolean;
}

type Answer = Run['answer'];

function defined(): EntryData<'defined'> {
  const found = world.entries.find((entry) => entry.kind === 'defined');
  if (found === undefined) throw new Error('the world has a definition');
  return found.data;
}

const checksOf = (answer: Answer): readonly Check[] => answer?.data['checks'] as readonly Check[];
const hashOf = async (record: string): Promise<string> => (await readHead(folderFiles(join(folder, record)))).hash;

describe('urna record verify', () => {
  it('runs the twenty checks offline; the simulated contracts are not the published ones', async () => {
    const { status, answer } = await urna(folder, ['record', 'verify', join('whole', 'record.json'), '--json']);
    const checks = checksOf(answer);
    expect({ status, code: answer?.code, complete: answer?.data['complete'] }).toEqual({
      ...{ status: 1, code: 'check/failed', complete: true },
    });
    expect(checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(checks.filter(({ ok }) => !ok).map(({ number }) => number)).toEqual([2]);
  });

  it('tells people how boxes kept to their turns, and that nobody sealed the chain', async () => {
    const { stdout } = await urna(folder, ['record', 'verify', 'whole']);
    expect(stdout).toMatch(/^ *1 +box-0 +7 +1 +0 +1 +5 +left its pattern *$/mu);
    expect(stdout).toMatch(/^ *20 +not sealed +0 /mu);
    expect(stdout).toContain('Chain not sealed');
    const early = await urna(folder, ['record', 'verify', 'early', '--json']);
    expect(early.answer?.data).toMatchObject({ sealed: false, rounds: [] });
  });

  it('says the same as "observe run --record"', async () => {
    const verified = await urna(folder, ['record', 'verify', 'whole', '--json']);
    const observed = await urna(folder, ['observe', 'run', '--record', 'whole', '--json']);
    expect(observed.answer).toEqual(verified.answer);
  });

  it('gives a record that is not whole no answer but its place', async () => {
    const { damage, code, place } = DAMAGES.find(({ name }) => name === 'line-not-canonical')!;
    cpSync(join(folder, 'long'), join(folder, 'damaged'), { recursive: true });
    damage(join(folder, 'damaged'));
    const { status, answer } = await urna(folder, ['record', 'verify', 'damaged', '--json']);
    expect({ status, code: answer?.code }).toEqual({ status: 3, code });
    expect(answer?.data['message']).toContain(place);
    expect(answer?.data['checks']).toBeUndefined();
  });

  it('refuses a record of another election than the one asked about, and one that is not there', async () => {
    const other = ['--election', `0x${'01'.repeat(20)}`];
    expect(await verdict(folder, 'record', 'verify', 'whole', ...other)).toEqual({ exit: 3, code: 'record/election' });
    expect(await verdict(folder, 'record', 'verify', 'nowhere')).toEqual({ exit: 3, code: 'record/missing' });
    expect(await verdict(folder, 'record', 'verify')).toMatchObject({ exit: 2 });
  });
});

describe('urna record verify --resume', () => {
  const verify = (record: string) => urna(folder, ['record', 'verify', record, '--resume', 'note.json', '--json']);
  const items = (answer: Answer, number: number) => checksOf(answer).find((check) => check.number === number)?.items;

  it('does not verify proofs again that it has verified, and says the same', async () => {
    const first = await verify('whole');
    const note = readFileSync(join(folder, 'note.json'), 'utf8');
    expect(JSON.parse(note)).toMatchObject({ type: 'urna/v1/proved', entries: world.entries.length });
    const second = await verify('whole');
    expect(second.stderr).toBe('');
    expect(second.answer).toEqual(first.answer);
    expect(items(second.answer, 11)).toBe(19);
    expect(readFileSync(join(folder, 'note.json'), 'utf8')).toBe(note);
  });

  it('verifies every proof of another record, and finds what is wrong with it', async () => {
    const tamper = TAMPERS.find(({ lie }) => lie === 'a proof is another’s')!;
    const { entries, evidence } = await lieOf(world, tamper);
    await writeRecord(join(folder, 'forged'), entries, evidence);
    const { answer } = await verify('forged');
    expect(
      checksOf(answer)
        .filter(({ ok }) => !ok)
        .map(({ number }) => number),
    ).toEqual([2, 11]);
    // Nothing is noted of proofs that do not hold.
    expect(JSON.parse(readFileSync(join(folder, 'note.json'), 'utf8'))).toMatchObject({ hash: await hashOf('whole') });
  });
});

describe('urna record diff', () => {
  it('exits 0 where the newer record extends the older', async () => {
    const { status, answer } = await urna(folder, ['record', 'diff', 'early', 'whole', '--json']);
    expect({ status, data: answer?.data }).toMatchObject({ status: 0, data: { extends: true, older: 40 } });
  });

  it('names the first segment and entry that differ, or that the newer lacks', async () => {
    const changed = world.entries.map((entry, i) => (i === 30 ? { ...entry, time: entry.time + 1 } : entry));
    await writeRecord(join(folder, 'changed'), changed, world.evidence);
    const fork = await urna(folder, ['record', 'diff', 'whole', 'changed', '--json']);
    expect(fork.status).toBe(1);
    expect(fork.answer).toMatchObject({
      code: 'record/fork',
      data: { parting: { segment: 0, entry: 30, ended: false } },
    });
    const short = await urna(folder, ['record', 'diff', 'whole', 'early', '--json']);
    expect(short.answer).toMatchObject({
      code: 'record/fork',
      data: { parting: { segment: 0, entry: 40, ended: true } },
    });
  });

  it('does not compare records of two elections', async () => {
    const other = world.entries.map((entry) =>
      entry.kind === 'defined' ? { ...entry, data: { ...entry.data, chainId: 7 } } : entry,
    );
    await writeRecord(join(folder, 'other'), other, world.evidence);
    expect(await verdict(folder, 'record', 'diff', 'whole', 'other')).toEqual({ exit: 3, code: 'record/election' });
  });
});

describe('urna record anchor', () => {
  it('does not anchor what a check finds wrong', async () => {
    expect(await verdict(folder, 'record', 'anchor', 'whole')).toEqual({ exit: 1, code: 'check/failed' });
  });
});

describe('a party’s view of a record', () => {
  const election = () => {
    const { chainId, election: address, definitionHash } = defined();
    const context = { chainId, election: address, definitionHash };
    return { definition: decodeDefinition(world.evidence.definition), context };
  };
  it('books a slot alike, whether all are wanted or it alone', async () => {
    const { slots } = await viewSlots(election(), world.entries, () => true);
    const booked = [...slots].flatMap(([poll, own]) =>
      [...own].map(([nullifier, slot]) => ({ poll, nullifier, slot })),
    );
    expect(booked.length).toBeGreaterThan(10);
    expect(booked.some(({ slot }) => slot.history.length > 1)).toBe(true);
    for (const { poll, nullifier, slot } of booked) {
      const alone = await viewSlots(election(), world.entries, (p, n) => p === poll && n === nullifier);
      expect([...alone.slots.values()].map(({ size }) => size)).toEqual([1]);
      expect(slotIn(alone, poll, nullifier)).toEqual(slot);
    }
  });

  it('adds up the very ballots that stand in the slots', async () => {
    const [{ slots }, { replay, ...said }] = [
      await viewSlots(election(), world.entries, () => true),
      await viewBallots(election(), world.entries),
    ];
    for (const [poll, { sums, slots: table }] of replay.polls) {
      const own = [...(slots.get(poll)?.values() ?? [])];
      expect(table.size).toBe(own.length);
      expect(sum([O, ...own.map(({ ciphertext }) => ciphertext.R)])).toEqual(sums.R);
    }
    const kinds = new Set(said.ceremony.map(({ kind }) => kind));
    expect([...kinds].filter((kind) => kind !== 'approve' && !kind.startsWith('ceremony-'))).toEqual([]);
    const updates = world.entries.findLastIndex(({ kind }) => kind === 'updates') + 1;
    expect(said).toMatchObject({ certified: true, cancelled: false, ballotsEnd: updates });
    expect(said.anchored).toBeGreaterThanOrEqual(updates);
    expect(await viewElection(election(), world.entries)).toMatchObject(said);
  });

  it('is of one election', async () => {
    const { definition, context } = election();
    const other = { definition, context: { ...context, chainId: 7 } };
    await expect(viewElection(other, world.entries)).rejects.toMatchObject({ code: 'record/election' });
    await expect(viewElection(election(), world.entries.slice(0, 3))).rejects.toMatchObject({ code: 'record/empty' });
  });
});

describe('urna officer sign', () => {
  const sign = (act: string, record: string) => {
    const { election } = defined();
    const files = join('whole', 'files');
    const own = ['--definition', join(files, 'election.json'), '--public', files, '--election', election];
    const given = ['--key', 'key.age', '--record', record, '--expires', '1900000000', '--out', 'act.json'];
    return verdict(folder, 'officer', 'sign', act, ...own, ...given);
  };

  it('signs nothing about a record that a check finds wrong', async () => {
    expect(await sign('approve', 'whole')).toEqual({ exit: 1, code: 'check/deployment' });
    expect(await sign('certify', 'whole')).toEqual({ exit: 1, code: 'check/failed' });
    expect(await sign('certify', 'early')).toEqual({ exit: 6, code: 'incomplete/count' });
  });

  it('signs nothing about a record with something in it that is no entry, or out of its place, whichever checks the act asks for', async () => {
    const spoilt = { malformed: { data: {} }, misplaced: { seq: 60 }, last: { kind: 'certify', data: {} } };
    for (const [name, change] of Object.entries(spoilt)) {
      const place = name === 'last' ? world.entries.length - 1 : 20;
      const entries = world.entries.map((entry, i) => (i === place ? { ...entry, ...change } : entry));
      await writeRecord(join(folder, name), entries, world.evidence);
      expect([name, await sign('approve', name)]).toEqual([name, { exit: 3, code: 'record/line' }]);
    }
  });
});
