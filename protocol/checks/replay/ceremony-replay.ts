import type { CeremonyKeys } from '../../ceremony/keys.ts';
import { combineKeys } from '../../ceremony/keys.ts';
import type { Config } from '../../config/config.ts';
import { UrnaError } from '../../errors.ts';
import type { Point } from '../../math/curve.ts';
import { fromEighth } from '../../proofs/eighth.ts';
import type { EntryData } from '../../record/entry.ts';
import { readPoint } from './posted-point.ts';

/** What the running attempt of the key ceremony has revealed. Owned and changed in place by the replay. */
export interface CeremonyReplay {
  attempt: number;
  readonly trustees: number;
  readonly threshold: number;
  readonly lanes: number;
  excluded: readonly number[];
  /** `F[lane][k]` by trustee, of this attempt. */
  readonly commitments: Map<number, readonly (readonly Point[])[]>;
  /** The keys that follow from the commitments, once the ceremony is finished. */
  keys?: CeremonyKeys;
}

/** Lanes that get keys: the most any contest has. */
export function keyLanes({ contests }: Config): number {
  return Math.max(...contests.map(({ lanes }) => lanes));
}

export function startReplayedCeremony(config: Config): CeremonyReplay {
  const [trustees, threshold] = [config.trustees.length, Number(config.threshold)];
  return { attempt: 1, trustees, threshold, lanes: keyLanes(config), excluded: [], commitments: new Map() };
}

/** Notes a reveal's commitments; whether its proof holds is for check 8 to say. @throws `point/invalid` */
export function noteReveal(ceremony: CeremonyReplay, data: EntryData<'ceremony-reveal'>): void {
  const { lanes, threshold, commitments } = ceremony;
  const points = data.points.map((point) => fromEighth(readPoint(point)));
  const lane = (j: number): readonly Point[] => points.slice(j * threshold, (j + 1) * threshold);
  commitments.set(
    data.trustee,
    Array.from({ length: lanes }, (_, j) => lane(j)),
  );
}

export function noteRestart(ceremony: CeremonyReplay, data: EntryData<'ceremony-restart'>): void {
  ceremony.attempt = data.attempt;
  ceremony.excluded = data.excluded;
  ceremony.commitments.clear();
}

/** Keys from the commitments of every active trustee; none if one of them has revealed nothing. */
export function finishReplayedCeremony(ceremony: CeremonyReplay): void {
  const { trustees, excluded, commitments } = ceremony;
  const active = Array.from({ length: trustees }, (_, i) => i + 1).filter((m) => !excluded.includes(m));
  const revealed = new Map<number, readonly (readonly Point[])[]>();
  for (const trustee of active) {
    const own = commitments.get(trustee);
    if (own === undefined) throw new UrnaError('ceremony/inactive', `trustee ${trustee} has revealed nothing`);
    revealed.set(trustee, own);
  }
  ceremony.keys = combineKeys(revealed);
}
