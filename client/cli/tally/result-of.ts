import { unitResults } from '../../../protocol/checks/18-result.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { resultHash } from '../../../protocol/tally/combine.ts';
import type { UnitResult } from '../../../protocol/tally/combine.ts';
import type { CountableView } from '../record/view.ts';

/** Final states and counts of all units, in their order. @throws `incomplete/count` while one has none */
export function finalResults({ replay }: CountableView): UnitResult[] {
  return unitResults(replay).map((result, unit) => {
    if (result === undefined) throw new UrnaError('incomplete/count', `unit ${unit} has no final state yet`);
    return result;
  });
}

/** The result's hash, recomputed (SPEC §12.4). @throws `incomplete/count` */
export function resultHashOf(view: CountableView): bigint {
  return resultHash(finalResults(view));
}
