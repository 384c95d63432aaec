import { O } from '../../../protocol/math/curve.ts';
import { encodeLanes, encryptOver } from '../../../protocol/ballot/ciphertext.ts';
import { randomnessScalar } from '../../../protocol/ballot/randomness.ts';
import { voteProblem } from '../../../protocol/ballot/rules.ts';
import { fingerprint } from '../../../protocol/ballot/slot.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at, require } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import type { Definition, LoadedElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import { readText } from '../../../protocol/node/files.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { foldRecordEntries } from '../record/entries.ts';
import { viewElection } from '../record/view.ts';
import type { ElectionView } from '../record/view.ts';
import { groupedForm, isNoted, shortForm } from '../../../protocol/ballot/fingerprint-text.ts';
import { decodeOpening } from '../../../protocol/ballot/opening.ts';
import type { Opening } from '../../../protocol/ballot/opening.ts';
import { pollContext, verifiedKeys } from './poll-context.ts';

/**
 * `urna observe ballot`: makes the ciphertext of a challenged ballot again, from the keys that the record proves and from what was
 * revealed, and shows its fingerprint and the vote in words (DESIGN §2.10). Nothing is taken from the program that made the ballot.
 * Exit 1 if it is not the fingerprint that the voter noted before challenging.
 *
 * @throws `opening/*`, `state/keys`, `state/roll`, `usage/fingerprint`
 */
export async function checkOpening(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const opening = decodeOpening((await readText(call.args[0] ?? '', 2 ** 16)).trimEnd());
  const { chainId, election: address } = election.context;
  const same = opening.context.chainId === chainId && opening.context.election === address;
  require(same, 'opening/election', 'the opening is of another chain or election');
  const view = await foldRecordEntries(call, election, (entries) => viewElection(election, entries));
  const { contest, mark } = openedFingerprint(election, view, opening);
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

/** Contest and fingerprint of what an opening opens. @throws `opening/file` for an unknown poll, `opening/rule` */
function openedFingerprint(
  election: LoadedElection,
  view: ElectionView,
  { poll, slot, values, randomness }: Opening,
): { contest: number; mark: Hex } {
  const { polls } = view.replay.config;
  require(poll < polls.length, 'opening/file', `the election has no poll ${poll}`);
  const { contest } = at(polls, poll);
  const { id, constants } = pollContext(election, view, verifiedKeys(election, view), poll);
  const problem = voteProblem(constants.rule, values);
  require(problem ===
    undefined, 'opening/rule', 'the opened vote breaks the rule of the contest: no proof of it can be made');
  const ciphertext = encryptOver({ R: O, C: encodeLanes(values) }, constants.keys, randomnessScalar(randomness));
  return { contest, mark: wordHex(fingerprint(id, slot, ciphertext)) };
}

function votesOf(
  definition: Definition,
  contest: number,
  { values }: Opening,
): { option: string; title: string; value: number }[] {
  const { options } = contestAt(definition, contest);
  return options.map(({ id, title }, i) => ({ option: id, title: title.en, value: Number(at(values, i)) }));
}
