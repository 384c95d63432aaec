import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../../protocol/checks/checks.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { at } from '../../../protocol/errors.ts';
import type { Forgery } from '../../protocol/checks/world/forge.ts';
import { copyOf, recordOf } from '../../protocol/checks/world/forge.ts';
import { GUARDS } from '../../protocol/checks/world/guards.ts';
import { tampered } from '../../protocol/checks/world/tamper.ts';
import { TAMPERS } from '../../protocol/checks/world/tampers.ts';
import { UNUSUAL } from '../../protocol/checks/world/unusual.ts';
import { buildWorld } from '../../protocol/checks/world/world.ts';
import { FIELDS } from '../fields.ts';
import { fieldsOf, nameOf, withField } from '../field-lies.ts';
import type { Case } from './cases.ts';
import { storeEvidence } from './cases.ts';

/** Writes, of every check (or of those named), the records that a mutant of it must judge otherwise: build/mutation/NN.json. The election is built once, here. */
const folder = join(import.meta.dirname, '../../../build/mutation');
const world = await buildWorld();

async function caseOf(number: number, name: string, forgery: Forgery, provedEntries = 0): Promise<Case> {
  const entries = recordOf(forgery);
  const { checks } = await runChecks(entries, forgery.evidence, { only: [number], provedEntries });
  return { name, entries, evidence: storeEvidence(forgery.evidence), provedEntries, expected: at(checks, 0) };
}

/** Records whose proofs an earlier run has verified up to the entry before a false one, or beyond it. */
async function resumedCases(): Promise<Case[]> {
  const lie = TAMPERS.find(({ check }) => check === 11);
  if (lie === undefined) throw new Error('no lie about proofs');
  const forgery = await tampered(world, lie);
  const { expected } = await caseOf(11, lie.lie, forgery);
  const wrong = Number(/^entry (\d+):/u.exec(expected.detail)?.[1]);
  return Promise.all(
    [wrong, wrong + 1].map((proved) => caseOf(11, `${proved} entries were verified`, forgery, proved)),
  );
}

async function casesOf(number: number): Promise<Case[]> {
  const cases = [await caseOf(number, 'the true record', copyOf(world))];
  for (const tamper of TAMPERS.filter(({ check }) => check === number)) {
    cases.push(await caseOf(number, tamper.lie, await tampered(world, tamper)));
  }
  for (const [, sentence, forge] of GUARDS.filter(([check]) => check === number)) {
    const forgery = copyOf(world);
    await forge(forgery);
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
  return number === 11 ? [...cases, ...(await resumedCases())] : cases;
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
