import { ruleOf } from '../../../../../protocol/ballot/presets.ts';
import { at } from '../../../../../protocol/errors.ts';
import type { Contest } from '../../../../../protocol/definition/definition.ts';
import { useSpeech } from '../../../frame/visitor.ts';
import { familyOf } from '../ballot-draft.ts';

interface VoteInWordsProps {
  readonly contest: Contest;
  /** What is encrypted: one value an option and unused place of the circuit. */
  readonly values: readonly bigint[];
}

/** A vote in words, from the very values that are encrypted. */
export function VoteInWords({ contest, values }: VoteInWordsProps) {
  const { say, title, number } = useSpeech();
  const given = contest.options
    .map(({ id, title: name }, i) => ({ id, name: title(name), value: Number(at(values, i)), i }))
    .filter(({ value }) => value > 0);
  if (given.length === 0) return <p class="large vote">{say('vote.content.blank')}</p>;
  switch (familyOf(contest.preset)) {
    case 'order': {
      const best = Number(at(ruleOf(contest.preset, contest.params, contest.options.length).max, 0));
      return (
        <ol class="large vote">
          {given
            .sort((a, b) => b.value - a.value)
            .map(({ id, name, value }) => (
              <li key={id} value={best - value + 1}>
                {name}
              </li>
            ))}
        </ol>
      );
    }
    case 'amounts':
      return (
        <ul class="large vote">
          {given.map(({ id, name, value }) => (
            <li key={id}>{say('vote.content.amount', { name, value: number(value) })}</li>
          ))}
        </ul>
      );
    default:
      return (
        <ul class="large vote">
          {given.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
      );
  }
}
