import { addressWord } from '../../acts/signature.ts';
import type { ElectionDomain } from '../../acts/typed-data.ts';
import type { CeremonyKeys } from '../../ceremony/keys.ts';
import type { Config } from '../../config/config.ts';
import { at } from '../../errors.ts';
import { hashWords } from '../../hash.ts';
import { pointWords } from '../../math/curve.ts';
import type { G1Point } from '../../math/bn254.ts';
import { foldG1 } from '../../math/bn254.ts';
import type { VerifyingKey } from '../../math/groth16-key.ts';
import { icPoint } from '../../math/groth16-key.ts';

/** What a poll's proofs have in common, recomputed from definition, roll and ceremony (SPEC §10). */
export interface PollConstants {
  readonly poll: number;
  readonly lanes: number;
  /** Members of the sealed roll of its district: the most slots it can have. */
  readonly members: number;
  /** Public signals of the poll: scope, root, rule, keys. */
  readonly signals: readonly bigint[];
}

/** `H8("scope", chainId, E, poll)` of SPEC §2. */
export function pollScope({ chainId, election }: ElectionDomain, poll: number): bigint {
  return hashWords('scope', [chainId, addressWord(election), BigInt(poll)]) >> 8n;
}

/** The constants of a poll. @param roll - root and size of its district's sealed roll @throws `internal/index` for no such poll */
export function pollConstants(
  domain: ElectionDomain,
  config: Config,
  keys: CeremonyKeys,
  roll: { readonly roots: readonly bigint[]; readonly sizes: readonly number[] },
  poll: number,
): PollConstants {
  const { contest, district } = at(config.polls, poll);
  const { lanes, rule } = at(config.contests, contest);
  const { minTotal, maxTotal, quadratic, distinct, max, price } = rule;
  const signals = [
    pollScope(domain, poll),
    at(roll.roots, district),
    minTotal,
    maxTotal,
    BigInt(quadratic),
    BigInt(distinct),
    ...max,
    ...price,
    ...pointWords(...keys.publicKeys.slice(0, lanes)),
    ...pointWords(...keys.shiftedKeys.slice(0, lanes)),
  ];
  return { poll, lanes, members: at(roll.sizes, district), signals };
}

/** `K_poll = IC_0 + Σ signal_i·IC_{i+1}` over the poll's constants (SPEC §11). */
export function foldConstants(key: VerifyingKey, signals: readonly bigint[]): G1Point {
  return foldG1(
    icPoint(key, 0),
    signals.map((scalar, i) => ({ scalar, point: icPoint(key, i + 1) })),
  );
}
