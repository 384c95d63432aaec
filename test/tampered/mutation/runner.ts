import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { PluginKind, declareValuePlugin } from '@stryker-mutator/api/plugin';
import type { DryRunResult, MutantRunOptions, MutantRunResult, TestResult } from '@stryker-mutator/api/test-runner';
import { DryRunStatus, MutantRunStatus, TestStatus, determineHitLimitReached } from '@stryker-mutator/api/test-runner';
import type * as run from '../../../protocol/checks/run.ts';
import type { Case } from './cases.ts';
import { loadEvidence } from './cases.ts';

type RunChecks = typeof run.runChecks;

/** A record as a test, and how many mutants it has killed so far. */
interface RecordTest extends Case {
  readonly id: string;
  kills: number;
}

const folder = join(import.meta.dirname, '../../../build/mutation');

/**
 * Whose records judge a mutant of a file that checks share: of the checks that answer for what the file does. A mutant that only others would notice
 * counts as a survivor.
 */
const JUDGES: Readonly<Record<string, readonly string[]>> = {
  'ballots-replay.ts': ['12', '13', '14', '11'],
  'ceremony-replay.ts': ['08', '09'],
  'evidence.ts': ['06', '05'],
  'manifest.ts': ['03'],
  'poll-constants.ts': ['09', '11'],
  'posted-point.ts': ['16', '08', '09'],
  'replay.ts': ['09', '10', '12', '17', '04', '20'],
  'roll-replay.ts': ['07', '09', '13'],
  'slot-table.ts': ['12', '13', '14'],
  'tally-replay.ts': ['15', '14', '18', '16', '17'],
  'timeline.ts': ['10', '13'],
  'turns-replay.ts': ['13'],
  'update-words.ts': ['12', '14', '11'],
};

/**
 * Files of records by which mutants of a file are judged: of a check's file its own first, and any others that reach it.
 *
 * @param all - every file of records there is
 */
function recordsFor(mutated: string, all: readonly string[]): readonly string[] {
  const shared = basename(dirname(mutated)) === 'seals' ? ['20'] : JUDGES[basename(mutated)];
  if (shared !== undefined) return shared.map((check) => `${check}.json`).filter((file) => all.includes(file));
  const own = basename(mutated).slice(0, 2);
  return [...all].sort((a, b) => Number(b.startsWith(own)) - Number(a.startsWith(own)));
}

/** The tests of a check's records, read when they are first asked for. @param file - `NN.json` of `prepare.ts` */
function readTests(file: string): RecordTest[] {
  const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[];
  return cases.map((each, i) => ({ ...each, id: `${file.slice(0, 2)}/${i} ${each.name}`, kills: 0 }));
}

/** What the instrumented checks share with whoever runs them. */
function instrumenter(): InstrumenterContext {
  const shared = globalThis as unknown as Record<string, InstrumenterContext | undefined>;
  return (shared[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
}

/** Why the check does not say of the record what it says unchanged, or undefined. */
async function difference(runChecks: RunChecks, test: Case): Promise<string | undefined> {
  const { entries, evidence, provedEntries, expected, rounds } = test;
  try {
    const report = await runChecks(entries, loadEvidence(evidence), { only: [expected.number], provedEntries });
    const said = { checks: report.checks, rounds: report.rounds };
    return isDeepStrictEqual(said, { checks: [expected], rounds }) ? undefined : JSON.stringify(said);
  } catch (error) {
    return `it throws ${String(error)}`;
  }
}

/**
 * A test runner for Stryker that stays in one process, where a mutant is a switch: starting a framework for each of a thousand
 * mutants would take longer than the records do.
 */
function recordRunner(): Parameters<typeof declareValuePlugin<PluginKind.TestRunner>>[2] {
  const files = readdirSync(folder).sort();
  const known = new Map<string, RecordTest[]>();
  const testsOf = (file: string): RecordTest[] => {
    const tests = known.get(file) ?? readTests(file);
    known.set(file, tests);
    return tests;
  };
  /** Of each check's those first that have killed most. @param ids - undefined for all */
  function* testsFor(mutated: string, ids: readonly string[] | undefined): Generator<RecordTest> {
    for (const file of recordsFor(mutated, files)) {
      if (ids?.some((id) => id.startsWith(file.slice(0, 2))) === false) continue;
      const tests = testsOf(file).filter(({ id }) => ids?.includes(id) ?? true);
      yield* tests.sort((a, b) => b.kills - a.kills);
    }
  }
  let loaded: RunChecks | undefined;
  /** From the sandbox, which is where Stryker starts this process; mutants of what runs on import have to be active before. */
  const load = async (): Promise<RunChecks> => {
    const module = pathToFileURL(join(process.cwd(), 'protocol/checks/run.ts')).href;
    return (loaded ??= ((await import(module)) as { runChecks: RunChecks }).runChecks);
  };
  return {
    capabilities: () => ({ reloadEnvironment: false }),
    async dryRun(): Promise<DryRunResult> {
      const runChecks = await load();
      const results: TestResult[] = [];
      for (const test of files.flatMap(testsOf)) {
        instrumenter().currentTestId = test.id;
        const start = performance.now();
        const wrong = await difference(runChecks, test);
        const known = { id: test.id, name: test.id, timeSpentMs: performance.now() - start };
        results.push(
          wrong === undefined
            ? { ...known, status: TestStatus.Success }
            : { ...known, status: TestStatus.Failed, failureMessage: wrong },
        );
      }
      delete instrumenter().currentTestId;
      const { mutantCoverage } = instrumenter();
      if (mutantCoverage === undefined) return { status: DryRunStatus.Error, errorMessage: 'no mutant was reached' };
      return { status: DryRunStatus.Complete, tests: results, mutantCoverage };
    },
    async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
      const { activeMutant, testFilter, hitLimit, mutantActivation } = options;
      const context = instrumenter();
      delete context.activeMutant;
      if (mutantActivation === 'runtime') await load();
      Object.assign(context, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
      const runChecks = await load();
      let nrOfTests = 0;
      for (const test of testsFor(activeMutant.fileName, testFilter)) {
        nrOfTests += 1;
        const wrong = await difference(runChecks, test);
        const endless = determineHitLimitReached(context.hitCount, hitLimit);
        if (endless !== undefined) return { status: MutantRunStatus.Timeout, reason: endless.reason ?? '' };
        if (wrong === undefined) continue;
        test.kills += 1;
        return { status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage: wrong, nrOfTests };
      }
      return { status: MutantRunStatus.Survived, nrOfTests };
    },
  };
}

export const strykerPlugins = [declareValuePlugin(PluginKind.TestRunner, 'records', recordRunner())];
