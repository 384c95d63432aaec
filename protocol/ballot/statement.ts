import { at, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { O, pointWords } from '../math/curve.ts';
import type { Field } from '../math/field.ts';
import type { Ciphertext } from './ciphertext.ts';
import { emptyCiphertext, halfwayKeys } from './ciphertext.ts';
import type { Rule } from './rules.ts';

/** A poll's constants: the first part of the public signals (SPEC §10.1). */
export interface PollConstants {
  readonly scope: Field;
  /** Root and number of members of the district's roll. */
  readonly root: Field;
  readonly members: number;
  readonly rule: Rule;
  /** PK, a lane of the poll's circuit. */
  readonly keys: readonly Point[];
  /** 2^125·PK. */
  readonly halfway: readonly Point[];
}

/** A slot update: the second part of the public signals. */
export interface Update {
  /** The slot. */
  readonly nullifier: Field;
  readonly context: Field;
  /** True for the first update of a slot. */
  readonly fresh: boolean;
  /** What the slot held; all O for an empty one. */
  readonly old: Ciphertext;
  readonly next: Ciphertext;
}

/**
 * The constants of a poll with `rule` under the trustees' keys; of more keys than the poll has lanes, the first are used.
 *
 * @throws `ballot/lanes` if there are fewer, or one is O
 */
export function pollConstants(
  scope: Field,
  roll: { readonly root: Field; readonly members: number },
  rule: Rule,
  keys: readonly Point[],
): PollConstants {
  const used = pollKeys(rule, keys);
  return { scope, root: roll.root, members: roll.members, rule, keys: used, halfway: halfwayKeys(used) };
}

/** The keys that ballots under `rule` are encrypted to: of the trustees' keys the first, one a lane. @throws `ballot/lanes` */
export function pollKeys(rule: Rule, keys: readonly Point[]): readonly Point[] {
  const lanes = lanesOf(rule);
  const used = keys.slice(0, lanes);
  require(used.length === lanes, 'ballot/lanes', `the poll has ${lanes} lanes, there are ${used.length} keys`);
  require(!used.some(({ x, y }) => x === O.x && y === O.y), 'ballot/lanes', 'a key is the neutral element');
  return used;
}

/** Lanes of a rule's circuit. */
export function lanesOf({ max }: Rule): number {
  return max.length / 2;
}

/** Number of public signals with `lanes` lanes: 14 + 12L. */
export function signalCount(lanes: number): number {
  return 14 + 12 * lanes;
}

/** The constants' signals, `7 + 8L`, in the circuit's order (SPEC §10.1). */
export function constantSignals({ scope, root, members, rule, keys, halfway }: PollConstants): bigint[] {
  const flags = [rule.quadratic, rule.distinct].map(BigInt);
  const totals = [rule.minTotal, rule.maxTotal];
  return [
    scope,
    root,
    BigInt(members),
    ...totals,
    ...flags,
    ...rule.max,
    ...rule.price,
    ...pointWords(...keys, ...halfway),
  ];
}

/** The update's signals, `7 + 4L`, in the circuit's order (SPEC §10.1). */
export function updateSignals({ nullifier, context, fresh, old, next }: Update): bigint[] {
  return [nullifier, context, BigInt(fresh), ...pointWords(old.R, next.R, ...old.C, ...next.C)];
}

/** All public signals of an update of a poll. @throws `ballot/lanes` if the two differ in lanes */
export function publicSignals(constants: PollConstants, update: Update): bigint[] {
  const signals = [...constantSignals(constants), ...updateSignals(update)];
  require(signals.length ===
    signalCount(constants.keys.length), 'ballot/lanes', 'poll and update differ in their number of lanes');
  return signals;
}

/** Inverse of {@link updateSignals}; points are not checked. */
export function readUpdateSignals(signals: readonly bigint[], lanes: number): Update {
  require(signals.length === 7 + 4 * lanes, 'ballot/lanes', `an update has ${7 + 4 * lanes} signals`);
  const point = (i: number): Point => ({ x: at(signals, 3 + 2 * i), y: at(signals, 4 + 2 * i) });
  const points = (first: number): Point[] => Array.from({ length: lanes }, (_, j) => point(first + j));
  return {
    nullifier: at(signals, 0) as Field,
    context: at(signals, 1) as Field,
    fresh: at(signals, 2) === 1n,
    old: { R: point(0), C: points(2) },
    next: { R: point(1), C: points(2 + lanes) },
  };
}

/** What an update finds in its slot: the old ciphertext and whether the slot is empty. */
export function oldOf(state: { readonly ciphertext: Ciphertext } | undefined, lanes: number): Ciphertext {
  return state?.ciphertext ?? emptyCiphertext(lanes);
}
