import { wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import type { Definition } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import { readText } from '../../../protocol/node/files.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { foldRecordEntries } from '../record/entries.ts';
import { viewElection } from '../record/view.ts';
import { groupedForm, isNoted, shortForm } from '../../../protocol/ballot/fingerprint-text.ts';
import { decodeOpening } from '../../../protocol/ballot/opening.ts';
import type { Opening } from '../../../protocol/ballot/opening.ts';
import { openedBallot } from '../../../protocol/voting/opened-ballot.ts';
import { verifiedKeys } from './poll-context.ts';

/**
 * `urna observe ballot`: makes the ciphertext of a challenged ballot again, from the keys that the record proves and from what was
 * revealed, and shows its fingerprint and the vote in words (DESIGN §2.10). Nothing is taken from the program that made the ballot.
 * Exit 1 if it is not the fingerprint that the voter noted before challenging.
 *
 * @throws `opening/*`, `state/keys`, `usage/fingerprint`
 */
export async function checkOpening(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const opening = decodeOpening((await readText(call.args[0] ?? '', 2 ** 16)).trimEnd());
  const view = await foldRecordEntries(call, election, (entries) => viewElection(election, entries));
  const { contest, fingerprint: mark } = openedBallot(election, verifiedKeys(election, view), opening);
  const votes = votesOf(election.definition, contest, opening);
  const noted = optional(call, 'fingerprint');
  const matches = noted === undefined ? undefined : isNoted(noted, mark);
  const { id, title } = contestAt(election.definition, contest);
  const data = { contest: id, slot: wordHex(opening.slot), fingerprint: mark, votes };
  const table = renderTable(
    ['option', 'value'],
    votes.map((vote) => [vote.title, vote.value]),
  );
  const text = `${title.en}\n${table}\n\nfingerprint ${groupedForm(mark)}\nshort form  ${shortForm(mark)}\n${verdict(matches)}`;
  if (matches === undefined) return { data, text };
  if (matches) return { data: { ...data, matches }, text };
  return { data: { ...data, matches }, text, exit: 1, code: 'check/fingerprint' };
}

function verdict(matches: boolean | undefined): string {
  if (matches === undefined)
    return 'Compare it with the one that you noted before you challenged, and the vote with yours.';
  if (matches) return 'It is the one that you noted. Is this the vote that you had chosen?';
  return 'It is NOT the one that you noted: the program that made the ballot encrypted something else than it says. Do not vote with it.';
}

function votesOf(
  definition: Definition,
  contest: number,
  { values }: Opening,
): { option: string; title: string; value: number }[] {
  const { options } = contestAt(definition, contest);
  return options.map(({ id, title }, i) => ({ option: id, title: title.en, value: Number(at(values, i)) }));
}
