import { useEffect, useRef } from 'preact/hooks';
import { groupedForm, isNoted, shortForm } from '../../../protocol/ballot/fingerprint-text.ts';
import type { Contest } from '../../../protocol/definition/definition.ts';
import { useSpeech } from '../frame/visitor.ts';
import { VoteInWords } from '../voter/ballot/forms/vote-in-words.tsx';
import type { CheckedBallot } from './check-task.ts';

interface CheckedProps {
  readonly ballot: CheckedBallot;
  readonly contest: Contest;
  /** Fingerprint that the voter noted, or nothing. */
  readonly noted: string;
}

/** What a challenged ballot held, and whether its fingerprint is the one that was noted before. */
export function Checked({ ballot: { fingerprint, values }, contest, noted }: CheckedProps) {
  const { say, title } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [fingerprint]);
  const verdict = noted.trim() === '' ? 'compare' : isNoted(noted, fingerprint) ? 'same' : 'other';
  const look = { compare: '', same: 'passed', other: 'not-passed' }[verdict];
  return (
    <section aria-labelledby="checked">
      <h2 id="checked" ref={heading} tabIndex={-1} class={look}>
        {say(`checker.${verdict}`)}
      </h2>
      <p>{say(`checker.${verdict}-how`)}</p>
      <h3>{say('checker.held', { contest: title(contest.title) })}</h3>
      <VoteInWords contest={contest} values={values} />
      <p class="large">
        {say('vote.decide.short')} <code class="short-form">{shortForm(fingerprint)}</code>
      </p>
      <details>
        <summary>{say('checker.whole')}</summary>
        <code class="hash">{groupedForm(fingerprint)}</code>
      </details>
      <p class="note">{say('checker.never')}</p>
    </section>
  );
}
