import { encodeLanes, encryptOver } from '../ballot/ciphertext.ts';
import type { Opening } from '../ballot/opening.ts';
import { randomnessScalar } from '../ballot/randomness.ts';
import { voteProblem } from '../ballot/rules.ts';
import { fingerprint } from '../ballot/slot.ts';
import { lanesOf, pollKeys } from '../ballot/statement.ts';
import { toConfig } from '../config/to-config.ts';
import { wordHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { at, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { O } from '../math/curve.ts';
import type { TrustedElection } from './foundation.ts';

/** What a challenged ballot held. */
export interface OpenedBallot {
  /** Index of the contest. */
  readonly contest: number;
  readonly fingerprint: Hex;
}

/**
 * Makes the ciphertext of a challenged ballot again from what was revealed (DESIGN §2.10, SPEC §9.1). Nothing is taken from the program that
 * made the ballot.
 *
 * @param keys - the trustees', as the ceremony proves them
 * @throws `opening/election`, `opening/file` for a poll that there is not or a number of values that its ballots do not have, `opening/rule`
 */
export function openedBallot(
  { definition, context }: TrustedElection,
  keys: readonly Point[],
  opening: Opening,
): OpenedBallot {
  const { poll, slot, values, randomness } = opening;
  const { chainId, election } = context;
  const isSame = opening.context.chainId === chainId && opening.context.election === election;
  require(isSame, 'opening/election', 'the opening is of another chain or election');
  const { polls, contests } = toConfig(definition);
  require(poll < polls.length, 'opening/file', `the election has no poll ${poll}`);
  const { contest } = at(polls, poll);
  const { rule } = at(contests, contest);
  const places = 2 * lanesOf(rule);
  require(values.length === places, 'opening/file', `the poll's ballots have ${places} values, not ${values.length}`);
  const problem = voteProblem(rule, values);
  require(problem ===
    undefined, 'opening/rule', 'the opened vote breaks the rule of the contest: no proof of it can be made');
  const empty = { R: O, C: encodeLanes(values) };
  const ciphertext = encryptOver(empty, pollKeys(rule, keys), randomnessScalar(randomness));
  return { contest, fingerprint: wordHex(fingerprint({ chainId: BigInt(chainId), election, poll }, slot, ciphertext)) };
}
