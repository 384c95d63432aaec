import { definedRule } from '../ballot/presets.ts';
import { lanesFor } from '../ballot/rules.ts';
import { UrnaError } from '../errors.ts';
import type { Contest, Definition, Problem, Unit } from './definition.ts';
import { votersOf } from './polls.ts';

type Report = (code: string, path: string, message: string) => void;

/** What is wrong between the members of a definition whose shape is right (SPEC §3.2). */
export function findInconsistencies(definition: Definition): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (code, path, message) => problems.push({ code, path, message });
  checkTimes(definition, report);
  checkParties(definition, report);
  checkAssurance(definition, report);
  checkValidators(definition, report);
  checkDistricts(definition, report);
  checkSizes(definition, report);
  definition.contests.forEach((contest, i) => checkContest(definition, contest, `$.contests[${i}]`, report));
  return problems;
}

function checkTimes({ times, maskRounds }: Definition, report: Report): void {
  const order = (path: string, holds: boolean, message: string): void => {
    if (!holds) report('definition/times', `$.times.${path}`, message);
  };
  const { registrationOpens, registrationCloses, challengeSeconds, opensAt, closesAt } = times;
  order('registrationCloses', registrationCloses > registrationOpens, 'must be later than registrationOpens');
  order(
    'opensAt',
    opensAt >= registrationCloses + challengeSeconds,
    'must leave challengeSeconds after registrationCloses',
  );
  order('closesAt', closesAt > opensAt, 'must be later than opensAt');
  // A round has a last quarter in which any box may step in: it must last at least a second.
  order('closesAt', closesAt <= opensAt || closesAt - opensAt >= 4 * maskRounds, 'must leave 4 seconds a round');
}

function checkParties({ registrar, officers, trustees, boxes }: Definition, report: Report): void {
  unique(officers.keys, (i) => `$.officers.keys[${i}]`, report);
  unique(trustees.keys, (i) => `$.trustees.keys[${i}]`, report);
  unique(
    boxes.map(({ address }) => address),
    (i) => `$.boxes[${i}].address`,
    report,
  );
  unique(
    boxes.map(({ id }) => id),
    (i) => `$.boxes[${i}].id`,
    report,
  );
  if (officers.quorum > officers.keys.length)
    report('definition/quorum', '$.officers.quorum', 'is more than there are officers');
  if (trustees.threshold > trustees.keys.length)
    report('definition/threshold', '$.trustees.threshold', 'is more than there are trustees');
  boxes.forEach(({ address }, i) => {
    if (address === registrar)
      report('definition/roles', `$.boxes[${i}].address`, 'is the registrar: the two must be separate');
  });
}

function checkValidators({ environment, chain }: Definition, report: Report): void {
  const { profile, validators = [] } = chain;
  // Without them a lying node and the officers' quorum could have trustees decrypt a sum of fewer ballots (§14.8).
  if (environment === 'binding' && profile !== 'embedded' && validators.length === 0)
    report('definition/validators', '$.chain.validators', 'a binding election must name who seals its chain');
  if (validators.length > 0 && profile === 'embedded')
    report('definition/validators', '$.chain.validators', 'nobody seals the embedded chain');
  validators.forEach((address, i) => {
    if (i > 0 && (validators[i - 1] ?? '') >= address)
      report('definition/validators', `$.chain.validators[${i}]`, 'must be greater than the one before it');
  });
}

function checkAssurance({ environment, assurance, chain, trustees, officers }: Definition, report: Report): void {
  if (environment !== 'binding') return;
  if (assurance === 'single-office')
    report('definition/assurance', '$.assurance', 'a binding election needs both offices');
  if (chain.profile === 'embedded')
    report('definition/assurance', '$.chain.profile', 'a binding election needs a chain of several validators');
  if (trustees.threshold < 2)
    report('definition/assurance', '$.trustees.threshold', 'no single trustee may read a binding election');
  if (officers.quorum < 2)
    report('definition/assurance', '$.officers.quorum', 'no single officer may direct a binding election');
}

function checkDistricts({ districts, contests }: Definition, report: Report): void {
  unique(
    districts.map(({ id }) => id),
    (i) => `$.districts[${i}].id`,
    report,
  );
  unique(
    contests.map(({ id }) => id),
    (i) => `$.contests[${i}].id`,
    report,
  );
  const used = new Set(contests.flatMap(({ units }) => units.flatMap((unit) => unit.districts)));
  districts.forEach(({ id }, i) => {
    if (!used.has(id)) report('definition/district-unused', `$.districts[${i}].id`, 'has no contest to vote in');
  });
}

/** Bounds of DefinitionRules.sol: indices of 16 bits, and points that the key ceremony takes in one transaction. */
function checkSizes({ trustees, contests }: Definition, report: Report): void {
  const units = contests.flatMap((contest) => contest.units);
  const polls = units.reduce((sum, unit) => sum + unit.districts.length, 0);
  if (polls >= 2 ** 16 - 1) report('definition/size', '$.contests', 'have 65,535 polls or more in all');
  const options = Math.max(...contests.map((contest) => contest.options.length));
  const points = trustees.keys.length * trustees.threshold * lanesFor(options);
  if (points > 1024) report('definition/size', '$.trustees', 'times threshold times lanes must not exceed 1,024');
}

function checkContest({ districts }: Definition, contest: Contest, path: string, report: Report): void {
  unique(
    contest.options.map(({ id }) => id),
    (i) => `${path}.options[${i}].id`,
    report,
  );
  unique(
    contest.units.map(({ id }) => id),
    (i) => `${path}.units[${i}].id`,
    report,
  );
  const known = new Set(districts.map(({ id }) => id));
  const taken = new Set<string>();
  contest.units.forEach((unit, u) => {
    unit.districts.forEach((district, i) => {
      const place = `${path}.units[${u}].districts[${i}]`;
      if (!known.has(district)) report('definition/unit-district', place, 'is not a district');
      if (taken.has(district)) report('definition/unit-overlap', place, 'is counted in this contest already');
      taken.add(district);
    });
    checkMerge(contest.units, unit, `${path}.units[${u}].mergeInto`, report);
  });
  checkRule(contest, votersOf({ districts }, contest), path, report);
}

/** The preset and its parameters, by the table that contract, circuit and booth share (SPEC §8). */
function checkRule({ preset, params, options }: Contest, voters: number, path: string, report: Report): void {
  try {
    definedRule(preset, params, options.length, voters);
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    const member = { 'rules/preset': '.preset', 'rules/params': '.params' }[error.code] ?? '';
    report(error.code, `${path}${member}`, error.message);
  }
}

function checkMerge(units: readonly Unit[], { id, mergeInto }: Unit, path: string, report: Report): void {
  if (mergeInto === null) return;
  const target = units.find((unit) => unit.id === mergeInto);
  if (mergeInto === id) report('definition/merge', path, 'is the unit itself');
  else if (target === undefined) report('definition/merge', path, 'is not a unit of this contest');
  else if (target.mergeInto !== null)
    report('definition/merge', path, 'is a unit that may be merged itself: one level only');
}

function unique(values: readonly string[], path: (index: number) => string, report: Report): void {
  const seen = new Set<string>();
  values.forEach((value, i) => {
    if (seen.has(value)) report('definition/duplicate', path(i), 'stands here twice');
    seen.add(value);
  });
}
