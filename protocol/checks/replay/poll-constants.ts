import { contextBase, pollScope } from '../../ballot/slot.ts';
import { constantSignals, pollConstants } from '../../ballot/statement.ts';
import type { ElectionDomain } from '../../acts/typed-data.ts';
import type { CeremonyKeys } from '../../ceremony/keys.ts';
import type { Config } from '../../config/config.ts';
import { at } from '../../errors.ts';
import type { G1Point } from '../../math/bn254.ts';
import { foldG1 } from '../../math/bn254.ts';
import { toField } from '../../math/field.ts';
import type { VerifyingKey } from '../../math/groth16-key.ts';
import { icPoint } from '../../math/groth16-key.ts';

/** What a poll's proofs have in common, recomputed from definition, roll and ceremony (SPEC §10.1). */
export interface PollSetting {
  readonly poll: number;
  readonly lanes: number;
  /** Root and size of the sealed roll of its district; the size is the most slots it can have. */
  readonly root: bigint;
  readonly members: number;
  readonly contextBase: bigint;
  /** The poll's public signals: scope, root, members, rule, keys. */
  readonly signals: readonly bigint[];
}

/**
 * The setting of a poll.
 *
 * @param roll - root and size by district of the sealed roll
 * @throws `internal/index` if there is no such poll
 */
export function pollSetting(
  domain: ElectionDomain,
  config: Config,
  keys: CeremonyKeys,
  roll: { readonly roots: readonly bigint[]; readonly sizes: readonly number[] },
  poll: number,
): PollSetting {
  const { contest, district } = at(config.polls, poll);
  const { lanes, rule } = at(config.contests, contest);
  const root = at(roll.roots, district);
  const id = { ...domain, poll };
  const members = at(roll.sizes, district);
  const constants = pollConstants(pollScope(id), { root: toField(root), members }, rule, keys.publicKeys);
  return { poll, lanes, root, members, contextBase: contextBase(id), signals: constantSignals(constants) };
}

/** `K_poll = IC_0 + Σ signal_i·IC_{i+1}` over the poll's constants (SPEC §11). */
export function foldConstants(key: VerifyingKey, signals: readonly bigint[]): G1Point {
  return foldG1(
    icPoint(key, 0),
    signals.map((scalar, i) => ({ scalar, point: icPoint(key, i + 1) })),
  );
}
