import type { Json } from '../../../protocol/canonical-json.ts';
import { getJson } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { countIn, listIn, objectIn, textIn } from './members.ts';

/** Ballots of a tally unit before any merging. */
export interface UnitTurnout {
  readonly contest: string;
  readonly unit: string;
  /** Members of the sealed rolls of its districts; 0 before. */
  readonly members: number;
  readonly ballots: number;
}

/** @throws `server/*` */
export async function fetchTurnout(service: ServerUrl): Promise<readonly UnitTurnout[]> {
  return decodeTurnout(await getJson(service, '/v1/turnout'));
}

export function decodeTurnout(answer: Json): readonly UnitTurnout[] {
  return listIn(objectIn(answer)['units']).map((each) => {
    const { contest, unit, members, ballots } = objectIn(each);
    return { contest: textIn(contest), unit: textIn(unit), members: countIn(members), ballots: countIn(ballots) };
  });
}
