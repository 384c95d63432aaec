import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { forgeRecord } from '../../client/cli/demo/forge.ts';
import type { Change } from '../../client/cli/demo/forge.ts';
import { expectedBallots, expectedCounts, planVoters } from '../../client/cli/demo/plan.ts';
import { publishedBuilds } from '../../contracts/deploy/builds.ts';
import { canonicalJson } from '../../protocol/canonical-json.ts';
import { newFolder, urna } from '../client/cli/urna.ts';
import { buildGoObserver, observeInGo } from '../tampered/go-observer.ts';
import { SPOILT, readings, whileSpoilt } from './spoilt-files.ts';

const DEMO = join(import.meta.dirname, '../../dist/demo.mjs');
const root = newFolder();
let output = '';
let observer = '';
let record = '';
let second = '';
/** What the second verifier compares contracts with: of this copy of the software, not the record's own word. */
const build = join(root, 'build.json');

interface Unit {
  readonly contest: string;
  readonly unit: string;
  readonly state: string;
  readonly ballots: number;
  readonly counts: Readonly<Record<string, number>>;
}

interface Check {
  readonly number: number;
  readonly items: number;
  readonly ok: boolean;
}

function runDemo(): Promise<number> {
  const child = spawn(process.execPath, ['--no-warnings', DEMO, root], { env: { PATH: process.env['PATH'] } });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? -1));
  });
}

beforeAll(async () => {
  const status = await runDemo();
  if (status !== 0) throw new Error(`the demo failed:\n${output}`);
  observer = join(root, 'observer');
  record = readdirSync(observer).find((name) => name.startsWith('record-')) ?? '';
  second = buildGoObserver();
  const codes = Object.entries(publishedBuilds());
  const lengthsAndHashes = codes.map(([name, { codeBytes, codeHash }]) => [name, { codeBytes, codeHash }]);
  writeFileSync(build, canonicalJson(Object.fromEntries(lengthsAndHashes)));
}, 1_800_000);

/** What both verifiers must answer alike: all but the sentences, which are each one's own. */
type Answered = Readonly<Record<string, unknown>>;

const answered = (status: number, code: string | undefined, data: Answered | undefined): Answered => {
  const checks = (data?.['checks'] ?? []) as readonly (Check & { readonly title: string })[];
  return {
    status,
    code,
    ...data,
    checks: checks.map(({ number, title, items, ok }) => ({ number, title, items, ok })),
  };
};

/** The answer of `urna observe run`, once the verifier in Go has given the same: true circuits, keys, proofs and contracts. */
async function observed(file: string): Promise<{ status: number; checks: readonly Check[]; data: Answered }> {
  const { status, answer } = await urna(observer, ['observe', 'run', '--record', file, '--json']);
  const other = await observeInGo(second, join(observer, file), build);
  expect(answered(other.status, other.code, other.data)).toEqual(answered(status, answer?.code, answer?.data));
  return { status, checks: (answer?.data['checks'] ?? []) as readonly Check[], data: answer?.data ?? {} };
}

/** A copy of the record with the first entry of a kind changed, or taken out. */
async function altered(kind: string, change: Change): Promise<string> {
  const name = `altered-${kind}`;
  await forgeRecord(join(observer, record), join(observer, name), kind, change);
  return name;
}

describe('the demo', () => {
  it('counts exactly the votes that the voters cast last, and turns out as planned', async () => {
    const { status, answer } = await urna(observer, ['tally', 'result', '--record', record, '--json']);
    expect(status).toBe(0);
    expect(answer?.data['certified']).toBe(true);
    const units = answer?.data['units'] as readonly Unit[];
    const voters = planVoters();
    for (const [contest, ballots] of Object.entries(expectedBallots(voters))) {
      const counted = units.filter((unit) => unit.contest === contest && unit.state === 'open');
      expect(counted.reduce((sum, unit) => sum + unit.ballots, 0)).toBe(ballots);
      for (const [option, votes] of Object.entries(expectedCounts(voters)[contest] ?? {})) {
        expect(counted.reduce((sum, unit) => sum + (unit.counts[option] ?? 0), 0)).toBe(votes);
      }
    }
    expect(units.find(({ unit }) => unit === 'islands')?.state).toBe('merged');
  });

  it('ends with all twenty checks passing, each with something to look at but the seals, which the embedded chain has not', async () => {
    const { status, checks, data } = await observed(record);
    expect(status).toBe(0);
    expect(data['sealed']).toBe(false);
    expect(checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(checks.filter(({ ok, items }) => !ok || items === 0).map(({ number, ok }) => ({ number, ok }))).toEqual([
      { number: 20, ok: true },
    ]);
    // How boxes kept to their turns: every slot that was due is told of.
    const rounds = data['rounds'] as readonly { over: boolean; boxes: readonly Record<string, number>[] }[];
    expect(rounds.every(({ over }) => over)).toBe(true);
    const all = rounds.flatMap(({ boxes }) => boxes);
    expect(all.some(({ due }) => due! > 0)).toBe(true);
    for (const { due, byBox, byOtherBoxes, byOthers, missing } of all)
      expect(due).toBe(byBox! + byOtherBoxes! + byOthers! + missing!);
  });

  it.each<[string, number, () => Promise<string>]>([
    ['an act signed by one officer', 4, () => altered('seal', (data) => ({ ...data, act: oneSignature(data['act']) }))],
    [
      'a member taken off the roll',
      7,
      () => altered('roll-members', (data) => ({ ...data, commitments: tail(data['commitments']) })),
    ],
    ['a batch of ballots taken out', 12, () => altered('updates', () => undefined)],
    ['a vote moved by the demo itself', 17, () => Promise.resolve('tampered-17')],
    ['a ballot exchanged by the demo itself', 11, () => Promise.resolve('tampered-11')],
  ])('a copy of the record with %s fails check %i and none before it', async (_, number, make) => {
    const { status, checks } = await observed(await make());
    expect(status).toBe(1);
    expect(checks.find(({ ok }) => !ok)?.number).toBe(number);
  });

  it('exports records of which each extends the one before, and says where a forged one does not', async () => {
    const { status, answer } = await urna(observer, ['record', 'diff', record, record, '--json']);
    expect({ status, extends: answer?.data['extends'] }).toEqual({ status: 0, extends: true });
    const forged = await altered('certify', () => undefined);
    const fork = await urna(observer, ['record', 'diff', record, forged, '--json']);
    expect({ status: fork.status, code: fork.answer?.code }).toEqual({ status: 1, code: 'record/fork' });
    expect(fork.answer?.data['parting']).toMatchObject({ segment: 0 });
  });

  it('leaves no secret of a trustee behind, and no vote file of a voter', () => {
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /attempt-\d+\.age$/u.test(name) && !name.startsWith('trustee-3'))).toEqual([]);
    expect(names.filter((name) => name.endsWith('share.age') && !name.startsWith('trustee-3'))).toEqual([]);
    expect(names.filter((name) => name.endsWith('vote.json'))).toEqual([]);
  });
});

describe('a file that is not what it should be', () => {
  it('is refused by every command that reads it, with a code and a sentence', async () => {
    const newest = (party: string): string => recordsOf(party).at(-1) ?? '';
    const records = { officer: newest('officer-1'), trustee: newest('trustee-3'), observer: record };
    const wrong: string[] = [];
    for (const { party, words, file } of readings(records)) {
      const folder = join(root, party);
      for (const [name, spoil] of SPOILT) {
        const run = await whileSpoilt(join(folder, file), spoil, () => urna(folder, [...words, '--json']));
        const { ok, code = '', data } = run.answer ?? {};
        const malformed = run.status === 3 && typeof data?.['message'] === 'string';
        // No lines, or fewer, are a registrations file as well: not the one whose hash is on chain.
        const untrue = run.status === 1 && code.startsWith('check/');
        const fine = ok === false && (malformed || untrue);
        if (!fine) wrong.push(`${words.slice(0, 3).join(' ')}, ${file} with ${name}: ${run.status} ${run.stdout}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 900_000);
});

/** Records in a party's folder, oldest first. */
function recordsOf(party: string): string[] {
  const number = (name: string): number => Number(name.slice('record-'.length));
  const names = readdirSync(join(root, party)).filter((name) => /^record-\d+$/u.test(name));
  return names.sort((a, b) => number(a) - number(b));
}

function oneSignature(act: unknown): unknown {
  const { signatures, ...rest } = act as { readonly signatures: readonly string[] };
  return { ...rest, signatures: signatures.slice(0, 1) };
}

function tail(list: unknown): unknown {
  return (list as readonly unknown[]).slice(1);
}
