import { useEffect, useRef } from 'preact/hooks';
import { sealsCheck } from '../../../protocol/checks/20-seals.ts';
import { checkTitle } from '../../../protocol/checks/titles.ts';
import { useSpeech } from '../frame/visitor.ts';
import { inGroups } from '../home/fingerprint.tsx';
import type { Verdict } from './messages.ts';

/**
 * What a verification says: first whether all is well, then each numbered check with what it looked at. On a small screen a check's rows stand below each
 * other: the roles say that it is a table nevertheless.
 */
export function VerdictOf({ verdict }: { readonly verdict: Verdict }) {
  const { say, number } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever waited is told at once, wherever they were on the page.
  useEffect(() => heading.current?.focus(), [verdict]);
  const { checks, ok, complete, sealed, entries, hash } = verdict;
  const failed = checks.filter((check) => !check.ok).length;
  const text = ok ? say(complete ? 'observe.ok' : 'observe.so-far') : say('observe.failed', { count: failed });
  return (
    <section aria-labelledby="verdict">
      <h2 id="verdict" ref={heading} tabIndex={-1} class={ok ? 'passed' : 'not-passed'}>
        {text}
      </h2>
      <p>
        {say('observe.record-of', { entries: number(entries) })}{' '}
        <span class="hash">{inGroups(hash as `0x${string}`).join(' ')}</span>
      </p>
      {sealed === false && <p>{say('observe.unsealed')}</p>}
      <div class="wide" role="region" aria-label={say('observe.checks')} tabIndex={0}>
        <table class="checks" role="table">
          <caption>{say('observe.checks')}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                {say('observe.number')}
              </th>
              <th scope="col" role="columnheader">
                {say('observe.outcome')}
              </th>
              <th scope="col" role="columnheader">
                {say('observe.check')}
              </th>
              <th scope="col" role="columnheader" class="number">
                {say('observe.items')}
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {checks.map((check) => (
              <CheckRow
                key={check.number}
                check={check}
                isSilent={sealed === false && check.number === sealsCheck.number}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps {
  readonly check: Verdict['checks'][number];
  /** It has nothing to look at in this election, and must not look passed. */
  readonly isSilent: boolean;
}

function CheckRow({ check: { number, items, ok, detail }, isSilent }: RowProps) {
  const { say, number: show } = useSpeech();
  const { name } = checkTitle(number);
  return (
    <tr role="row">
      <td role="cell">{number}</td>
      {isSilent ? (
        <td role="cell">{say('observe.not-sealed')}</td>
      ) : (
        <td role="cell" class={ok ? 'passed' : 'not-passed'}>
          {say(ok ? 'observe.passed' : 'observe.not-passed')}
        </td>
      )}
      <th scope="row" role="rowheader">
        <strong>{say(`check.${name}.title`)}</strong>
        <br />
        <span class="note">{say(`check.${name}.meaning`)}</span>
        {!ok && (
          <p class="detail" lang="en">
            {detail}
          </p>
        )}
      </th>
      <td role="cell" class="number" data-column={say('observe.items')}>
        {show(items)}
      </td>
    </tr>
  );
}
