import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../../protocol/checks/checks.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { MAX_LIST } from '../../../protocol/record/published-names.ts';
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
import { SEAL_GUARDS } from '../sealed/guards.ts';
import { SEAL_LIES } from '../sealed/lies.ts';
import { QBFT_GUARDS } from '../sealed/qbft-guards.ts';
import { QBFT_LIES } from '../sealed/qbft-lies.ts';
import { readSealedElection } from '../sealed/vector.ts';
import type { SealLie } from '../sealed/lie.ts';
import type { Engine, SealedElection } from '../sealed/vector.ts';
import type { Case } from './cases.ts';
import { loadEvidence, storeEvidence } from './cases.ts';

/** Writes, of every check (or of those named), the records that a mutant of it must judge otherwise: build/mutation/NN.json. The election is built once, here. */
const folder = join(import.meta.dirname, '../../../build/mutation');
const world = await buildWorld();

function caseOf(number: number, name: string, forgery: Forgery, provedEntries = 0): Promise<Case> {
  return recordCase(number, name, { entries: recordOf(forgery), evidence: forgery.evidence }, provedEntries);
}

async function recordCase(
  number: number,
  name: string,
  { entries, evidence }: Pick<SealedElection, 'entries' | 'evidence'>,
  provedEntries = 0,
): Promise<Case> {
  const { checks, rounds } = await runChecks(entries, evidence, { only: [number], provedEntries });
  return { name, entries, evidence: storeEvidence(evidence), provedEntries, expected: at(checks, 0), rounds };
}

/** What validators sealed, by either engine, and what a forger would say of it. */
async function sealedCases(engine: Engine, lies: readonly SealLie[]): Promise<Case[]> {
  const sealed = readSealedElection(engine);
  const cases = [await recordCase(20, `what validators sealed by ${engine}`, sealed)];
  for (const { lie, check, says, forge } of lies) {
    const sealedCase = await recordCase(20, lie, forge(sealed));
    const { ok, detail } = sealedCase.expected;
    if (ok !== (check === undefined) || !(ok || detail.includes(says))) throw new Error(`${lie}: ${detail}`);
    cases.push(sealedCase);
  }
  return cases;
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

/** A list of credentials that is a byte too long. */
async function longList(): Promise<Case> {
  const { entries, evidence } = copyOf(world);
  const stored = storeEvidence(evidence);
  const long = { ...stored, credentials: [{ zeros: MAX_LIST + 1 }, ...stored.credentials.slice(1)] };
  const { checks, rounds } = await runChecks(entries, loadEvidence(long), { only: [5] });
  const name = 'a list that is too long';
  return { name, entries, evidence: long, provedEntries: 0, expected: at(checks, 0), rounds };
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
  if (number === 5) cases.push(await longList());
  if (number === 20) {
    cases.push(...(await sealedCases('clique', [...SEAL_LIES, ...SEAL_GUARDS])));
    cases.push(...(await sealedCases('qbft', [...QBFT_LIES, ...QBFT_GUARDS])));
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
