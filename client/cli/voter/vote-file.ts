import { rankValues, ruleOf } from '../../../protocol/ballot/presets.ts';
import { voteProblem } from '../../../protocol/ballot/rules.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import type { Contest, Definition } from '../../../protocol/definition/definition.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { contestAt, contestIndex } from '../election/names.ts';
import { readSecret } from '../../../protocol/node/files.ts';

const CODE = 'vote/file';

/** A vote in one contest: one value an option and unused place of the circuit. Secret. */
export interface Vote {
  /** Index of the contest. */
  readonly contest: number;
  readonly values: readonly bigint[];
}

/**
 * The votes in a file that only its owner may read: `{"<contest>": {"<option>": value, …}}`, or a list of options: the chosen ones,
 * or, in a ranking, all from the best on. Messages name places, never values.
 *
 * @throws `vote/file`, `vote/rule`, `name/contest`, `vote/option`, `secret/permissions`, `json/*`
 */
export async function readVotes(path: string, definition: Definition): Promise<Vote[]> {
  const file = parseJson(decodeUtf8(await readSecret(path, 2 ** 16)));
  require(isObject(file), CODE, 'the votes must be a JSON object {"contest": {"option": value}}');
  const votes = Object.entries(file).map(([id, choice]) => {
    const contest = contestIndex(definition, id);
    return { contest, values: valuesOf(contestAt(definition, contest), choice) };
  });
  require(votes.length > 0, CODE, 'the file holds no vote');
  return votes;
}

/** Values of a choice, checked against the contest's rule. @throws `vote/option`, `vote/rule`, `vote/file` */
export function valuesOf(contest: Contest, choice: Json): bigint[] {
  const rule = ruleOf(contest.preset, contest.params, contest.options.length);
  const values = Array.isArray(choice) ? fromList(contest, rule, choice) : fromObject(contest, rule.max.length, choice);
  const problem = voteProblem(rule, values);
  require(problem === undefined, 'vote/rule', `contest ${contest.id}: the vote breaks the rule of the contest`);
  return values;
}

function fromList(contest: Contest, rule: ReturnType<typeof ruleOf>, choice: readonly Json[]): bigint[] {
  const chosen = choice.map((id) => optionIndex(contest, id));
  require(new Set(chosen).size === chosen.length, 'vote/option', `contest ${contest.id}: an option is named twice`);
  if (contest.preset === 'ranking') return rankValues(rule, chosen);
  return rule.max.map((_, i) => (chosen.includes(i) ? 1n : 0n));
}

function fromObject(contest: Contest, places: number, choice: Json): bigint[] {
  require(isObject(choice), CODE, `contest ${contest.id}: expected {"option": value} or a list of options`);
  const values = Array<bigint>(places).fill(0n);
  for (const [id, value] of Object.entries(choice)) {
    const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    require(fits, CODE, `contest ${contest.id}: values must be whole numbers`);
    values[optionIndex(contest, id)] = BigInt(value);
  }
  return values;
}

function optionIndex({ id: contest, options }: Contest, id: Json): number {
  const index = options.findIndex((option) => option.id === id);
  if (index < 0)
    throw new UrnaError(
      'vote/option',
      `contest ${contest} has ${options.map((o) => o.id).join(', ')}; no other option`,
    );
  return index;
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
