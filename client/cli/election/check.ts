import { polls, units } from '../../../protocol/definition/polls.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { loadDefinition } from './definition-file.ts';

/** `urna election check`: reads a definition strictly, names every problem, and tells its hash and what it comes to. */
export async function checkDefinition(call: Invocation): Promise<Outcome> {
  const { definition, hash } = await loadDefinition(call);
  const { id, environment, assurance, districts, contests, officers, trustees, boxes } = definition;
  const voters = districts.reduce((sum, district) => sum + district.voters, 0);
  const counts = { polls: polls(definition).length, units: units(definition).length };
  const table = renderTable(
    ['contest', 'preset', 'options', 'units'],
    contests.map((contest) => [contest.id, contest.preset, contest.options.length, contest.units.length]),
  );
  const offices = `${officers.quorum} of ${officers.keys.length} officers, ${trustees.threshold} of ${trustees.keys.length} trustees`;
  const text = `${id}: ${environment}, ${assurance}; ${voters} voters in ${districts.length} districts
${offices}, ${boxes.length} boxes
${table}
definition hash ${hash}`;
  return { data: { id, hash, voters, districts: districts.length, contests: contests.length, ...counts }, text };
}
