import { rankValues, ruleOf } from '../../../../protocol/ballot/presets.ts';
import { totalCost, voteProblem } from '../../../../protocol/ballot/rules.ts';
import type { Rule } from '../../../../protocol/ballot/rules.ts';
import type { Contest } from '../../../../protocol/definition/definition.ts';
import { at, require } from '../../../../protocol/errors.ts';

/** How a contest is filled in: one option, several, a number an option, an order. */
export type Family = 'one' | 'some' | 'amounts' | 'order';

/** Forms of the presets of SPEC §8.4. */
const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['single', 'one'],
  ['approval', 'some'],
  ['budget', 'some'],
  ['score', 'amounts'],
  ['cumulative', 'amounts'],
  ['quadratic', 'amounts'],
  ['ranking', 'order'],
]);

/** A vote as far as it has been filled in. Secret. It may break the rule: what a voter typed stays until the voter changes it. */
export interface BallotDraft {
  readonly family: Family;
  readonly rule: Rule;
  /** Number of options; `values` also has the circuit's unused places. */
  readonly options: number;
  readonly values: readonly bigint[];
  /** Indices of the ranked options, best first; empty in every other family. */
  readonly order: readonly number[];
  /** The voter has asked for a blank vote, which a form nobody touched is not. */
  readonly isBlank: boolean;
}

/** Why a draft cannot be cast yet. Totals are in the units of the rule: marks, points, money or credits. */
export type DraftProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'value'; readonly option: number; readonly most: bigint }
  | { readonly kind: 'places'; readonly ranked: number; readonly least: number }
  | { readonly kind: 'below'; readonly total: bigint; readonly least: bigint }
  | { readonly kind: 'above'; readonly total: bigint; readonly most: bigint };

/** What a voter may have forgotten; it is said, and stops nobody. */
export type Undervote =
  | { readonly kind: 'blank' }
  | { readonly kind: 'unused'; readonly left: bigint }
  | { readonly kind: 'places'; readonly left: number };

/** @throws `rules/preset` for one that has no form */
export function familyOf(preset: string): Family {
  const family = FAMILIES.get(preset);
  require(family !== undefined, 'rules/preset', `there is no form for the preset ${preset}`);
  return family;
}

/** @throws the codes of {@link ruleOf} */
export function emptyDraft({ preset, params, options }: Pick<Contest, 'preset' | 'params' | 'options'>): BallotDraft {
  const rule = ruleOf(preset, params, options.length);
  const family = familyOf(preset);
  return cleared({ family, rule, options: options.length, values: [], order: [], isBlank: false });
}

export function isBlankAllowed({ rule }: BallotDraft): boolean {
  return rule.minTotal === 0n;
}

/** A blank vote, asked for. @throws `rules/values` where the rule has none */
export function chooseBlank(draft: BallotDraft): BallotDraft {
  require(isBlankAllowed(draft), 'rules/values', 'this contest has no blank vote');
  return { ...cleared(draft), isBlank: true };
}

/** A blank vote, taken back: nothing is filled in. */
export function unchooseBlank(draft: BallotDraft): BallotDraft {
  return { ...draft, isBlank: false };
}

/** Marks an option or takes the mark away; where one is chosen, the mark moves. @throws `rules/values` */
export function mark(draft: BallotDraft, option: number, isMarked: boolean): BallotDraft {
  requireFamily(draft, ['one', 'some']);
  return withValue(draft.family === 'one' ? cleared(draft) : draft, option, isMarked ? 1n : 0n);
}

/** Gives an option its number, also one that is too large: {@link draftProblem} names it. @throws `rules/values` */
export function setAmount(draft: BallotDraft, option: number, value: bigint): BallotDraft {
  requireFamily(draft, ['amounts']);
  require(value >= 0n, 'rules/values', 'an option has 0 or more');
  return withValue(draft, option, value);
}

/** The number that a field holds, an empty field 0; undefined for everything else than at most six digits. */
export function amountOf(text: string): bigint | undefined {
  return /^\s*\d{0,6}\s*$/u.test(text) ? BigInt(text.trim()) : undefined;
}

/**
 * Puts an option at a place of the order, the others close up.
 *
 * @param place - from 0, the best; undefined takes the option out @throws `rules/values` for an unknown option or more places than ranks
 */
export function rank(draft: BallotDraft, option: number, place: number | undefined): BallotDraft {
  requireFamily(draft, ['order']);
  requireOption(draft, option);
  const others = draft.order.filter((each) => each !== option);
  const order = place === undefined ? others : others.toSpliced(Math.max(0, place), 0, option);
  return { ...draft, order, values: rankValues(draft.rule, order), isBlank: false };
}

/** Whether one more for this option keeps within the rule. */
export function mayAdd(draft: BallotDraft, option: number): boolean {
  const { family, rule, values, order } = draft;
  requireOption(draft, option);
  if (family === 'order') return !order.includes(option) && order.length < ranksOf(rule);
  const value = at(values, option) + 1n;
  const base = family === 'one' ? cleared(draft).values : values;
  return value <= at(rule.max, option) && totalCost(rule, base.with(option, value)) <= rule.maxTotal;
}

/** Σ cost, and what is left of what the rule allows; negative beyond it. */
export function runningSum({ rule, values }: BallotDraft): { readonly total: bigint; readonly left: bigint } {
  const total = totalCost(rule, values);
  return { total, left: rule.maxTotal - total };
}

/** Why the draft cannot be cast; undefined if it can. */
export function draftProblem(draft: BallotDraft): DraftProblem | undefined {
  const { family, rule, values, order, isBlank } = draft;
  const isUntouched = isEmpty(draft) && !isBlank;
  if (isUntouched && (family === 'one' || !isBlankAllowed(draft))) return { kind: 'empty' };
  const option = values.findIndex((value, i) => value > at(rule.max, i));
  if (option >= 0) return { kind: 'value', option, most: at(rule.max, option) };
  const { total, left } = runningSum(draft);
  if (left < 0n) return { kind: 'above', total, most: rule.maxTotal };
  if (total >= rule.minTotal) return undefined;
  if (family === 'order') return { kind: 'places', ranked: order.length, least: leastPlaces(rule) };
  return { kind: 'below', total, least: rule.minTotal };
}

/** What the draft leaves unused though the rule would allow it; undefined for a full vote, and for a blank one that was asked for. */
export function undervote(draft: BallotDraft): Undervote | undefined {
  const { family, rule, order, options, isBlank } = draft;
  if (isBlank || draftProblem(draft) !== undefined) return undefined;
  if (isEmpty(draft)) return { kind: 'blank' };
  const places = ranksOf(rule) - order.length;
  if (family === 'order') return places > 0 ? { kind: 'places', left: places } : undefined;
  // Where everything can be given to every option nothing runs out, and less of it is an opinion, no omission.
  const isLimited = totalCost(rule, rule.max) > rule.maxTotal;
  const isFull = Array.from({ length: options }, (_, i) => i).every((i) => !mayAdd(draft, i));
  return isLimited && !isFull && family !== 'one' ? { kind: 'unused', left: runningSum(draft).left } : undefined;
}

/** The vote, one value a place of the circuit. @throws `rules/values` unless {@link draftProblem} finds nothing */
export function draftValues(draft: BallotDraft): readonly bigint[] {
  const isRight = draftProblem(draft) === undefined && voteProblem(draft.rule, draft.values) === undefined;
  require(isRight, 'rules/values', 'the vote breaks the rule of the contest');
  return draft.values;
}

function cleared(draft: BallotDraft): BallotDraft {
  return { ...draft, values: draft.rule.max.map(() => 0n), order: [], isBlank: false };
}

function isEmpty({ values }: BallotDraft): boolean {
  return values.every((value) => value === 0n);
}

function withValue(draft: BallotDraft, option: number, value: bigint): BallotDraft {
  requireOption(draft, option);
  return { ...draft, values: draft.values.with(option, value), isBlank: false };
}

function requireOption({ options }: BallotDraft, option: number): void {
  const isKnown = Number.isInteger(option) && option >= 0 && option < options;
  require(isKnown, 'rules/values', 'the contest has no such option');
}

function requireFamily({ family }: BallotDraft, families: readonly Family[]): void {
  require(families.includes(family), 'rules/values', 'a contest of this kind is filled in otherwise');
}

/** Places of a ranking: the best option gets as many points. */
function ranksOf(rule: Rule): number {
  return Number(at(rule.max, 0));
}

/** How many options have to be ranked for the least total. */
function leastPlaces(rule: Rule): number {
  let [places, total] = [0, 0n];
  for (; total < rule.minTotal && places < ranksOf(rule); places++) total += at(rule.max, 0) - BigInt(places);
  return places;
}
