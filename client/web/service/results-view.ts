import type { Json } from '../../../protocol/canonical-json.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { getJson } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { countIn, listIn, objectIn, oneOf, textIn } from './members.ts';

export const UNIT_STATES = ['open', 'merged', 'empty', 'withheld'] as const;

/** A tally unit's count (SPEC §12.2). Merged and withheld units have no counts of their own. */
export interface UnitResult {
  readonly contest: string;
  readonly unit: string;
  readonly state: (typeof UNIT_STATES)[number];
  readonly members: number;
  readonly ballots: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface ResultsView {
  /** Whether the officers have certified it; provisional otherwise. */
  readonly certified: boolean;
  readonly units: readonly UnitResult[];
}

/** @returns undefined as long as there are no results @throws `server/*` */
export async function fetchResults(service: ServerUrl): Promise<ResultsView | undefined> {
  try {
    return decodeResults(await getJson(service, '/v1/results.json'));
  } catch (error) {
    if (error instanceof UrnaError && error.code === 'not-found/results') return undefined;
    throw error;
  }
}

export function decodeResults(answer: Json): ResultsView {
  const { certified, units } = objectIn(answer);
  if (typeof certified !== 'boolean')
    throw new UrnaError('server/answer', 'results that do not say whether they are certified');
  return { certified, units: listIn(units).map(unitIn) };
}

function unitIn(value: Json): UnitResult {
  const { contest, unit, state, members, ballots, counts } = objectIn(value);
  return {
    ...{ contest: textIn(contest), unit: textIn(unit), state: oneOf(state, UNIT_STATES) },
    ...{ members: countIn(members), ballots: countIn(ballots) },
    counts: Object.fromEntries(Object.entries(objectIn(counts)).map(([option, count]) => [option, countIn(count)])),
  };
}
