import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { PluginKind, declareValuePlugin } from '@stryker-mutator/api/plugin';
import type { DryRunResult, MutantRunOptions, MutantRunResult, TestResult } from '@stryker-mutator/api/test-runner';
import { DryRunStatus, MutantRunStatus, TestStatus, determineHitLimitReached } from '@stryker-mutator/api/test-runner';
import type { CheckResult } from '../../../protocol/checks/check.ts';
import type * as run from '../../../protocol/checks/run.ts';
import type { Case } from './cases.ts';
import { loadEvidence } from './cases.ts';

type RunCheck = typeof run.runCheck;

/** A record as a test, and how many mutants it has killed so far. */
interface RecordTest extends Case {
  readonly id: string;
  kills: number;
}

const folder = join(import.meta.dirname, '../../../build/mutation');

/** The records of `prepare.ts`: of all checks, or of those whose numbers `URNA_MUTATION_CHECKS` lists. */
function readTests(): RecordTest[] {
  const wanted = process.env['URNA_MUTATION_CHECKS']?.split(',');
  return readdirSync(folder)
    .sort()
    .filter((file) => wanted?.includes(file.slice(0, 2)) ?? true)
    .flatMap((file) => {
      const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[];
      return cases.map((each, i) => ({ ...each, id: `${file.slice(0, 2)}/${i} ${each.name}`, kills: 0 }));
    });
}

/** What the instrumented checks share with whoever runs them. */
function instrumenter(): InstrumenterContext {
  const shared = globalThis as unknown as Record<string, InstrumenterContext | undefined>;
  return (shared[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
}

/** Why the check does not say of the record what it says unchanged, or undefined. */
async function difference(runCheck: RunCheck, { entries, evidence, expected }: Case): Promise<string | undefined> {
  let result: CheckResult;
  try {
    result = await runCheck(expected.number, entries, loadEvidence(evidence));
  } catch (error) {
    return `it throws ${String(error)}`;
  }
  return isDeepStrictEqual(result, expected) ? undefined : JSON.stringify(result);
}

/**
 * A test runner for Stryker that stays in one process, where a mutant is a switch: starting a framework for each of a thousand
 * mutants would take longer than the records do. Records that have killed most come first.
 */
function recordRunner(): Parameters<typeof declareValuePlugin<PluginKind.TestRunner>>[2] {
  const tests = readTests();
  let loaded: RunCheck | undefined;
  /** From the sandbox, which is where Stryker starts this process; mutants of what runs on import have to be active before. */
  const load = async (): Promise<RunCheck> => {
    const module = pathToFileURL(join(process.cwd(), 'protocol/checks/run.ts')).href;
    return (loaded ??= ((await import(module)) as { runCheck: RunCheck }).runCheck);
  };
  return {
    capabilities: () => ({ reloadEnvironment: false }),
    async dryRun(): Promise<DryRunResult> {
      const runCheck = await load();
      const results: TestResult[] = [];
      for (const test of tests) {
        instrumenter().currentTestId = test.id;
        const start = performance.now();
        const wrong = await difference(runCheck, test);
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
      const runCheck = await load();
      tests.sort((a, b) => b.kills - a.kills);
      let nrOfTests = 0;
      for (const test of tests) {
        if (testFilter?.includes(test.id) === false) continue;
        nrOfTests += 1;
        const wrong = await difference(runCheck, test);
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
