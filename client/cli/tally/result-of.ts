import { UrnaError, at, require } from '../../../protocol/errors.ts';
import { resultHash } from '../../../protocol/tally/combine.ts';
import type { UnitResult } from '../../../protocol/tally/combine.ts';
import type { ElectionView } from '../record/view.ts';

/**
 * Final states and counts of all units, in their order.
 *
 * @throws `incomplete/count` while a contest is not aggregated or a unit not counted
 */
export function unitResults({ replay }: ElectionView): UnitResult[] {
  return replay.config.units.map(({ contest }, index) => {
    const unit = replay.tally.get(index);
    if (unit === undefined) throw new UrnaError('incomplete/count', `contest ${contest} is not aggregated yet`);
    const places = 2 * at(replay.config.contests, contest).lanes;
    const { nonEmpty, counts = Array<number>(places).fill(0) } = unit;
    require(unit.state !== 'open' || unit.counts !== undefined, 'incomplete/count', `unit ${index} is not counted yet`);
    return { state: unit.state === 'open' ? 'decrypt' : unit.state, nonEmpty, counts };
  });
}

/** The result's hash, recomputed (SPEC §12.4). @throws `incomplete/count` */
export function resultHashOf(view: ElectionView): bigint {
  return resultHash(unitResults(view));
}
