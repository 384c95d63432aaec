import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../../protocol/checks/checks.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { at } from '../../../protocol/errors.ts';
import type { Forgery } from '../../protocol/checks/world/forge.ts';
import { clone, copyOf, find, insertBefore, reanchor, recordOf, retime } from '../../protocol/checks/world/forge.ts';
import { recount } from '../../protocol/checks/world/recount.ts';
import { GUARDS } from '../../protocol/checks/world/guards.ts';
import { tampered } from '../../protocol/checks/world/tamper.ts';
import { TAMPERS } from '../../protocol/checks/world/tampers.ts';
import { buildWorld } from '../../protocol/checks/world/world.ts';
import { FIELDS } from '../fields.ts';
import { fieldsOf, nameOf, withField } from '../field-lies.ts';
import type { Case } from './cases.ts';
import { storeEvidence } from './cases.ts';

/** Writes, of every check (or of those named), the records that a mutant of it must judge otherwise: build/mutation/NN.json. The election is built once, here. */
const folder = join(import.meta.dirname, '../../../build/mutation');
const world = await buildWorld();

type Unusual = readonly [check: number, name: string, forge: (f: Forgery) => void | Promise<void>];

/** Records that are unusual or wrong elsewhere, of which a check has to say nothing: strictness has its mutants, too. */
const UNUSUAL: readonly Unusual[] = [
  [13, 'a batch that was left out came after the grace', (f) => retime(find(f, 'updates', -1), 3601)],
  [
    18,
    'a unit of four lanes was withheld',
    async (f) => {
      find(f, 'aggregate', 1).data.units[0].state = 'withheld';
      await recount(f);
    },
  ],
  [18, 'counts of a withheld unit', (f) => insertBefore(f, find(f, 'certify'), 'counts', { unit: 3, counts: [1, 0] })],
  [
    19,
    'two anchors',
    (f) => {
      insertBefore(f, find(f, 'certify'), 'anchor', clone(find(f, 'anchor').data));
      reanchor(f);
    },
  ],
];

async function caseOf(number: number, name: string, forgery: Forgery): Promise<Case> {
  const entries = recordOf(forgery);
  const { checks } = await runChecks(entries, forgery.evidence, { only: [number] });
  return { name, entries, evidence: storeEvidence(forgery.evidence), expected: at(checks, 0) };
}

async function casesOf(number: number): Promise<Case[]> {
  const cases = [await caseOf(number, 'the true record', copyOf(world))];
  for (const tamper of TAMPERS.filter(({ check }) => check === number)) {
    cases.push(await caseOf(number, tamper.lie, await tampered(world, tamper)));
  }
  for (const [, sentence, forge] of GUARDS.filter(([check]) => check === number)) {
    const forgery = copyOf(world);
    forge(forgery);
    cases.push(await caseOf(number, sentence, forgery));
  }
  for (const field of fieldsOf(world).filter((each) => FIELDS[nameOf(each)] === number)) {
    cases.push(await caseOf(number, nameOf(field), withField(world, field)));
  }
  for (const [, name, forge] of UNUSUAL.filter(([check]) => check === number)) {
    const forgery = copyOf(world);
    await forge(forgery);
    const unusual = await caseOf(number, name, forgery);
    if (!unusual.expected.ok) throw new Error(`${name}: ${unusual.expected.detail}`);
    cases.push(unusual);
  }
  return cases;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2).map(Number);
for (const { number } of CHECKS.filter((check) => wanted.length === 0 || wanted.includes(check.number))) {
  const cases = await casesOf(number);
  writeFileSync(join(folder, `${String(number).padStart(2, '0')}.json`), JSON.stringify(cases));
  process.stdout.write(`check ${number}: ${cases.length} records\n`);
}
process.exit(0);
