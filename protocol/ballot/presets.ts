import { at, require } from '../errors.ts';
import type { Rule } from './rules.ts';
import { lanesFor, ruleProblem } from './rules.ts';

/** Parameters of a preset as they stand in the definition (SPEC §8.4). */
export type PresetParams = Readonly<Record<string, number | boolean | readonly number[]>>;

/** A rule before it is filled up to the circuit's places. */
interface Bounds {
  readonly max: readonly number[];
  readonly price: readonly number[];
  readonly minTotal: number;
  readonly maxTotal: number;
  readonly quadratic?: true;
  readonly distinct?: true;
}

/** Reads the members of one preset's params; every member has to be asked for. */
class Reader {
  readonly #params: PresetParams;
  readonly #left: Set<string>;

  constructor(params: PresetParams) {
    this.#params = params;
    this.#left = new Set(Object.keys(params));
  }

  #take(name: string): number | boolean | readonly number[] | undefined {
    this.#left.delete(name);
    return Object.hasOwn(this.#params, name) ? this.#params[name] : undefined;
  }

  number(name: string, least: number, most: number, missing?: number): number {
    const value = this.#take(name) ?? missing;
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    require(fits, 'rules/params', `${name} must be a whole number from ${least} to ${most}`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#take(name) ?? false;
    require(typeof value === 'boolean', 'rules/params', `${name} must be true or false`);
    return value;
  }

  numbers(name: string, length: number, least: number, most: number): readonly number[] {
    const value = this.#take(name);
    const fits =
      Array.isArray(value) &&
      value.length === length &&
      value.every((x) => Number.isInteger(x) && x >= least && x <= most);
    require(fits, 'rules/params', `${name} must be ${length} whole numbers from ${least} to ${most}`);
    return value as readonly number[];
  }

  end(): void {
    require(this.#left.size === 0, 'rules/params', `unknown parameter ${[...this.#left].join(', ')}`);
  }
}

const WIDEST = 1023;
const LARGEST = 2 ** 32 - 1;
const all = (options: number, value: number): number[] => Array.from({ length: options }, () => value);
/** 1 + 2 + … + n. */
const triangle = (n: number): number => (n * (n + 1)) / 2;

/** The one table of presets (SPEC §8.4), for contract, circuit, booth and command line. */
const PRESETS: Readonly<Record<string, (options: number, read: Reader) => Bounds>> = {
  single: (n, read) => ({ max: all(n, 1), price: all(n, 1), minTotal: read.flag('blank') ? 0 : 1, maxTotal: 1 }),
  approval: (n, read) => {
    const maxTotal = read.number('max', 1, n, n);
    return { max: all(n, 1), price: all(n, 1), minTotal: read.number('min', 0, maxTotal, 0), maxTotal };
  },
  score: (n, read) => {
    const max = read.number('max', 1, WIDEST);
    return { max: all(n, max), price: all(n, 1), minTotal: 0, maxTotal: read.number('total', 1, n * max, n * max) };
  },
  cumulative: (n, read) => {
    const points = read.number('points', 1, WIDEST);
    return { max: all(n, points), price: all(n, 1), minTotal: read.flag('exact') ? points : 0, maxTotal: points };
  },
  budget: (n, read) => ({
    max: all(n, 1),
    price: read.numbers('prices', n, 1, LARGEST),
    minTotal: 0,
    maxTotal: read.number('budget', 1, LARGEST),
  }),
  ranking: (n, read) => {
    const ranks = read.number('ranks', 1, n, n);
    const maxTotal = triangle(ranks);
    const minTotal = read.number('min', 0, maxTotal, maxTotal);
    return { max: all(n, ranks), price: all(n, 1), minTotal, maxTotal, distinct: true };
  },
  quadratic: (n, read) => {
    const maxTotal = read.number('credits', 1, LARGEST);
    // The square root of a number below 2^32 is exact enough in floating point to be rounded down.
    const most = Math.min(WIDEST, Math.floor(Math.sqrt(maxTotal)));
    return { max: all(n, read.number('max', 1, most, most)), price: all(n, 0), minTotal: 0, maxTotal, quadratic: true };
  },
};

/** Names of the presets, in the order of SPEC §8.4. */
export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);

function fill(numbers: readonly number[], length: number): bigint[] {
  return Array.from({ length }, (_, i) => BigInt(numbers[i] ?? 0));
}

/**
 * The rule of a contest (SPEC §8.4), filled up to the places of its circuit.
 *
 * @param options - number of options, 1 … 16
 * @throws `rules/preset` unknown preset, `rules/options`, `rules/params` a parameter missing, unknown or out of range
 */
export function ruleOf(preset: string, params: PresetParams, options: number): Rule {
  const places = 2 * lanesFor(options);
  const make = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  require(make !== undefined, 'rules/preset', `unknown preset ${preset}`);
  const read = new Reader(params);
  const bounds = make(options, read);
  read.end();
  return {
    minTotal: BigInt(bounds.minTotal),
    maxTotal: BigInt(bounds.maxTotal),
    quadratic: bounds.quadratic ?? false,
    distinct: bounds.distinct ?? false,
    max: fill(bounds.max, places),
    price: fill(bounds.price, places),
  };
}

/**
 * The rule of a contest that is about to be defined for `voters` voters.
 *
 * @throws the codes of {@link ruleOf}, `rules/bounds` if circuit or count could not hold it (SPEC §8.2)
 */
export function definedRule(preset: string, params: PresetParams, options: number, voters: number): Rule {
  const rule = ruleOf(preset, params, options);
  const problem = ruleProblem(rule, lanesFor(options), voters);
  require(problem === undefined, 'rules/bounds', problem ?? '');
  return rule;
}

/**
 * Values of a ranking: the best option first gets `ranks`, the next one less, the rest 0 (SPEC §8.4).
 *
 * @param order - indices of options, best first
 * @throws `rules/values` if an option is named twice or does not exist
 */
export function rankValues(rule: Rule, order: readonly number[]): bigint[] {
  const values = rule.max.map(() => 0n);
  order.forEach((option, place) => {
    const known = Number.isInteger(option) && option >= 0 && option < values.length;
    require(known && values[option] === 0n, 'rules/values', 'a ranking names each option at most once');
    const value = at(rule.max, option) - BigInt(place);
    require(value > 0n, 'rules/values', 'a ranking has more places than ranks');
    values[option] = value;
  });
  return values;
}
