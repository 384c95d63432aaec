import { at, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { isIdentity, multiplyPublic, sum } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import { modScalar } from '../math/field.ts';
import { evaluateCommitments } from './polynomial.ts';

/** The outcome of a ceremony (SPEC §7). */
export interface CeremonyKeys {
  /** `PK[lane]`, not O. */
  readonly publicKeys: readonly Point[];
  /** `PK2[lane] = 2^125·PK[lane]`. */
  readonly shiftedKeys: readonly Point[];
  /** `VK[trustee][lane]` for each active trustee. */
  readonly verificationKeys: ReadonlyMap<number, readonly Point[]>;
}

/**
 * The keys that follow from the active trustees' commitments.
 *
 * @param commitments - `F[lane][k]` by trustee
 * @throws `ceremony/key-identity` if a public key is O
 */
export function combineKeys(commitments: ReadonlyMap<number, readonly (readonly Point[])[]>): CeremonyKeys {
  const dealers = [...commitments.values()];
  const totals = at(dealers, 0).map((terms, lane) => terms.map((_, k) => sum(dealers.map((F) => at(at(F, lane), k)))));
  const publicKeys = totals.map((terms) => at(terms, 0));
  require(!publicKeys.some(isIdentity), 'ceremony/key-identity', 'a public key is the neutral element');
  const indices = [...commitments.keys()].sort((a, b) => a - b);
  return {
    publicKeys,
    shiftedKeys: publicKeys.map((key) => multiplyPublic(key, 1n << 125n)),
    verificationKeys: new Map(indices.map((m) => [m, totals.map((terms) => evaluateCommitments(terms, m))])),
  };
}

/** `x[lane] = Σ shares mod l`. @param shares - from every active dealer, the own one included, `[dealer][lane]` */
export function combineShares(shares: readonly (readonly Scalar[])[]): Scalar[] {
  return at(shares, 0).map((_, lane) => modScalar(shares.reduce((total, lanes) => total + at(lanes, lane), 0n)));
}
