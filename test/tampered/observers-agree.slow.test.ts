import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Evidence } from '../../protocol/checks/replay/evidence.ts';
import type { RunOptions } from '../../protocol/checks/run.ts';
import { CHECKS } from '../../protocol/checks/checks.ts';
import { copyOf, recordOf } from '../protocol/checks/world/forge.ts';
import { GUARDS } from '../protocol/checks/world/guards.ts';
import { UNUSUAL, corrected } from '../protocol/checks/world/unusual.ts';
import type { World } from '../protocol/checks/world/world.ts';
import { buildWorld } from '../protocol/checks/world/world.ts';
import type { Manifest } from './corpus.ts';
import { manifestText, writeCorpus } from './corpus.ts';
import { readHead } from './damage.ts';
import type { Answer, Told, Verdict } from './observers.ts';
import { ours as ask, placeOf, run, theirs as askGo } from './observers.ts';
import { damageAtRandom } from './random-damages.ts';
import { SEAL_GUARDS } from './sealed/guards.ts';
import { QBFT_GUARDS } from './sealed/qbft-guards.ts';
import { readSealedElection } from './sealed/vector.ts';
import { writeRecord } from './write.ts';

const corpus = mkdtempSync(join(tmpdir(), 'urna-observers-'));
let observer: string;
let world: World;
let manifest: Manifest;

const ours = async (folder: string, build: Evidence['build'], options: RunOptions = {}): Promise<Answer> =>
  (await ask(join(corpus, folder), build, options)).answer;

const theirs = (folder: string, build = 'build.json'): Promise<Told> =>
  askGo(observer, join(corpus, folder), join(corpus, build));

const failed = (answer: Answer): unknown =>
  typeof answer === 'string' ? answer : answer.checks.filter(({ ok }) => !ok).map(({ number }) => number);

/** What is said of these checks, of all by default. */
function checksOf(answer: Answer, only?: readonly number[]): Verdict['checks'] {
  if (typeof answer === 'string') throw new Error(`a record that is not whole: ${answer}`);
  return answer.checks.filter(({ number }) => only?.includes(number) ?? true);
}

/** Checks of which two answers say something else, or what else differs. */
function differences(mine: Answer, other: Answer): unknown {
  if (typeof mine === 'string' || typeof other === 'string') return { mine, other };
  const checks = mine.checks.flatMap((own, i) =>
    isDeepStrictEqual(own, other.checks[i]) ? [] : [[own, other.checks[i]]],
  );
  return checks.length > 0 ? checks : { mine: { ...mine, checks: [] }, other: { ...other, checks: [] } };
}

beforeAll(async () => {
  observer = run('bash', ['build.sh']).trim();
  world = await buildWorld();
  manifest = await writeCorpus(corpus, world);
}, 600_000);
afterAll(() => rmSync(corpus, { recursive: true, force: true }));

describe('the corpus', () => {
  it('is the one whose manifest is committed: "npm run tampered" writes it anew', () => {
    const committed = readFileSync(new URL('manifest.json', import.meta.url), 'utf8');
    expect(manifestText(manifest)).toBe(committed);
  });

  it('has at least 80 lies, for every check at least two, and no two records that are the same', () => {
    expect(manifest.lies.length).toBeGreaterThanOrEqual(80);
    const lies = [...manifest.lies, ...manifest.sealed.lies, ...manifest.qbft.lies];
    for (const { number } of CHECKS) {
      expect({ number, lies: lies.filter(({ check }) => check === number).length >= 2 }).toEqual({
        number,
        lies: true,
      });
    }
    const unusual = [...manifest.sealed.unusual, ...manifest.qbft.unusual];
    const contents = [...lies, ...unusual].map(({ hash, files }) => JSON.stringify({ hash, files }));
    expect(new Set(contents).size).toBe(contents.length);
    expect(new Set([...lies, ...unusual].map(({ folder }) => folder)).size).toBe(contents.length);
  });
});

describe('the two verifiers', () => {
  it('agree on the true record, and on every lie: number, title, items and ok of each check', async () => {
    const build = JSON.parse(readFileSync(join(corpus, 'build.json'), 'utf8')) as Evidence['build'];
    expect((await theirs('valid')).status).toBe(0);
    // The check that a lie names is the first to fail: none is wrong before it.
    const lies = manifest.lies.map(({ folder, check, also }) => ({ folder, wrong: [check, ...also] }));
    for (const { folder, wrong } of [{ folder: 'valid', wrong: [] as number[] }, ...lies]) {
      const [mine, other] = await Promise.all([ours(folder, build), theirs(folder)]);
      expect({ folder, answer: other.answer }).toEqual({ folder, answer: mine });
      expect({ folder, wrong: failed(other.answer), status: other.status }).toEqual({
        ...{ folder, wrong, status: wrong.length > 0 ? 1 : 0 },
      });
    }
  }, 1_200_000);

  // Checks that are too strict would let anybody spoil a true election; of most of these records no check has anything to say.
  it('find nothing wrong where the first version of the roll was, and the second put it right', async () => {
    const build = JSON.parse(readFileSync(join(corpus, 'build.json'), 'utf8')) as Evidence['build'];
    const forgery = copyOf(world);
    await corrected(forgery);
    await writeRecord(join(corpus, 'corrected'), recordOf(forgery), forgery.evidence);
    expect([failed(await ours('corrected', build)), await theirs('corrected')]).toMatchObject([[], { status: 0 }]);
  }, 120_000);

  it('agree on what is unusual', async () => {
    const build = JSON.parse(readFileSync(join(corpus, 'build.json'), 'utf8')) as Evidence['build'];
    for (const [i, [check, name, forge]] of UNUSUAL.entries()) {
      const [folder, forgery] = [`unusual-${i}`, copyOf(world)];
      await forge(forgery);
      await writeRecord(join(corpus, folder), recordOf(forgery), forgery.evidence);
      const [mine, { answer }] = await Promise.all([ours(folder, build), theirs(folder)]);
      expect({ name, fine: typeof mine !== 'string' && mine.checks[check - 1]?.ok }).toEqual({ name, fine: true });
      expect({ name, answer }).toEqual({ name, answer: mine });
    }
  }, 1_200_000);

  // Each of them wrong in one place, whatever follows from it: where entries contradict each other, both must follow alike (SPEC §15.4).
  it('agree on every guard of the checks', async () => {
    const build = JSON.parse(readFileSync(join(corpus, 'build.json'), 'utf8')) as Evidence['build'];
    const differ: unknown[] = [];
    for (const [i, [check, sentence, forge]] of GUARDS.entries()) {
      const [folder, forgery] = [`guard-${i}`, copyOf(world)];
      await forge(forgery);
      await writeRecord(join(corpus, folder), recordOf(forgery), forgery.evidence);
      const [mine, { answer, status }] = await Promise.all([ours(folder, build), theirs(folder)]);
      rmSync(join(corpus, folder), { recursive: true });
      const found = typeof mine !== 'string' && mine.checks[check - 1]?.ok === false;
      if (!found || status !== 1 || !isDeepStrictEqual(mine, answer)) {
        differ.push({ i, check, sentence, status, differences: differences(mine, answer) });
      }
    }
    expect(differ).toEqual([]);
  }, 1_800_000);

  it.each([
    ['a real network sealed', 'sealed'],
    ['four keys sealed by QBFT’s rules', 'qbft'],
  ] as const)(
    'agree on the election that %s, on every lie about seals, and on what is unusual about them',
    async (_, name) => {
      const { build: file, valid, lies, unusual } = manifest[name];
      const build = JSON.parse(readFileSync(join(corpus, file), 'utf8')) as Evidence['build'];
      const records = [valid, ...unusual].map(({ folder, hash }) => ({ folder, hash, wrong: [] as number[] }));
      records.push(...lies.map(({ folder, hash, check, also }) => ({ folder, hash, wrong: [check, ...also] })));
      for (const { folder, hash, wrong } of records) {
        // No other check reads seals.json: where the entries are the true ones, what it says is what it said of them.
        const only = folder === valid.folder || hash !== valid.hash ? {} : { only: [20] };
        const [mine, other] = await Promise.all([ours(folder, build, only), theirs(folder, file)]);
        // Voting goes on, unless officers cancelled it: right as far as it goes.
        const fine = typeof other.answer !== 'string' && other.answer.complete ? 0 : 6;
        expect({ folder, wrong: failed(other.answer), status: other.status }).toEqual({
          ...{ folder, wrong, status: wrong.length > 0 ? 1 : fine },
        });
        expect({ folder, checks: checksOf(mine) }).toEqual({ folder, checks: checksOf(other.answer, only.only) });
      }
    },
    600_000,
  );

  it('agree on every guard of check 20', async () => {
    const [sealed, qbft] = [readSealedElection('clique'), readSealedElection('qbft')];
    const guards = [
      ...SEAL_GUARDS.map((each) => ({ ...each, of: sealed, build: manifest.sealed.build })),
      ...QBFT_GUARDS.map((each) => ({ ...each, of: qbft, build: manifest.qbft.build })),
    ];
    for (const [i, { lie, check, forge, of, build }] of guards.entries()) {
      const [folder, { entries, evidence }] = [`seal-guard-${i}`, forge(of)];
      await writeRecord(join(corpus, folder), entries, evidence);
      const [mine, { answer }] = await Promise.all([
        ours(folder, evidence.build, { only: [20] }),
        theirs(folder, build),
      ]);
      expect({ lie, checks: checksOf(answer, [20]) }).toEqual({ lie, checks: checksOf(mine) });
      expect({ lie, wrong: failed(mine) }).toEqual({ lie, wrong: check === undefined ? [] : [check] });
    }
  }, 300_000);

  it('refuse what is not whole with the same code, and name the same place', async () => {
    for (const { folder, code, place } of manifest.damaged) {
      const told = await theirs(folder);
      expect({ folder, ...told, message: placeOf(told) }).toEqual({ folder, answer: code, status: 3, message: place });
    }
  }, 120_000);

  // What no list of damages thinks of. Both refuse with the same code at the same place, or both say the same of every check.
  it('agree on records that are damaged at random', async () => {
    const build = JSON.parse(readFileSync(join(corpus, 'build.json'), 'utf8')) as Evidence['build'];
    const [differ, answers]: [unknown[], unknown[]] = [[], []];
    for (let number = 0; number < 100; number++) {
      const folder = join(corpus, 'random');
      const { what, fits } = damageAtRandom(join(corpus, 'valid'), folder, number);
      const [mine, other] = await Promise.all([ask(folder, build), theirs('random')]);
      const same = [mine.answer, mine.status, placeOf(mine)];
      // Whose hashes were not made again passes only if its entries are still those of the true one.
      const passes = mine.status === 0 && !fits && readHead(folder).hash !== manifest.valid.hash;
      if (passes || !isDeepStrictEqual(same, [other.answer, other.status, placeOf(other)])) {
        differ.push({ what, mine, other, differences: differences(mine.answer, other.answer) });
      }
      answers.push(typeof mine.answer === 'string' ? mine.answer : mine.status);
      rmSync(folder, { recursive: true });
    }
    expect(differ).toEqual([]);
    const codes = ['head', 'gzip', 'length', 'line', 'hash'].map((code) => `record/${code}`);
    expect([...new Set(answers)]).toEqual(expect.arrayContaining([...codes, 0, 1]));
  }, 1_200_000);
});

describe('the Go module', () => {
  it('is formatted, free of what vet finds, and passes its own tests', () => {
    const go = run('bash', ['go.sh']).trim();
    expect(run(join(run(go, ['env', 'GOROOT']).trim(), 'bin/gofmt'), ['-l', '.'])).toBe('');
    run(go, ['vet', './...']);
    expect(run(go, ['test', './...'])).not.toContain('FAIL');
  }, 600_000);
});
