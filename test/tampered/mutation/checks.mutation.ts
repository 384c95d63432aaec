import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCheck } from '../../../protocol/checks/run.ts';
import type { Case } from './cases.ts';
import { loadEvidence } from './cases.ts';

const folder = process.env['URNA_MUTATION_CASES'] ?? join(import.meta.dirname, '../../../build/mutation');

// Not a test of its own: what `npm run mutation` runs against every mutant of a check, with the records that `prepare.ts` has written.
describe.each(readdirSync(folder).sort())('check %s', (file) => {
  const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Case[];
  it.each(cases.map((each) => [each.name, each] as const))('%s', async (_, { entries, evidence, expected }) => {
    expect(await runCheck(expected.number, entries, loadEvidence(evidence))).toEqual(expected);
  });
});
