import { encodeKeptReceipt } from '../../../http/kept-receipt.ts';
import { QrCode } from '../../frame/qr-code.tsx';
import { saveAs } from '../../frame/save-as.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { KeptBallot, KeptPromise } from './kept-ballots.ts';
import { ShortForm } from './short-form.tsx';

/** Texts of why a box returned a ballot, by code. */
const RETURNED: readonly (readonly [RegExp, string])[] = [
  [/^update\/(?:stale|occupied|empty)$/u, 'stale'],
  [/^update\/replaced$/u, 'replaced'],
  [/^(?:state\/|update\/(?:late|closed|phase))/u, 'closed'],
];

/** Name of the text, below `vote.returned`, of why a box returned a ballot. */
export function returnedText(code: string): string {
  return RETURNED.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

/** A ballot that was cast: what became of it, and the boxes' receipts. */
export function KeptBallotLine({ ballot }: { readonly ballot: KeptBallot }) {
  const { say, number, time } = useSpeech();
  const { state, code, block, promises, fingerprint } = ballot;
  const by = Math.max(0, ...promises.map((each) => each.by));
  const round = Math.max(0, ...promises.map((each) => each.round));
  const isLater = ballot.isChange && (state === 'waiting' || state === 'sent');
  return (
    <div class="kept">
      <p role="status" class={state === 'confirmed' ? 'passed' : undefined}>
        {state === 'returned'
          ? say(`vote.returned.${returnedText(code)}`, { code })
          : say(`vote.state.${state}`, { block: number(block ?? 0), by: time(by) })}
      </p>
      {isLater && <p class="note">{say('vote.state.later', { round: number(round) })}</p>}
      <p>
        {say('vote.decide.short')} <ShortForm fingerprint={fingerprint} />
      </p>
      {promises.length > 0 && (
        <details>
          <summary>{say('vote.receipt.title')}</summary>
          <p>{say('vote.receipt.what')}</p>
          {promises.map((promise) => (
            <Receipt key={promise.tracker} promise={promise} />
          ))}
        </details>
      )}
    </div>
  );
}

function Receipt({ promise }: { readonly promise: KeptPromise }) {
  const { say, number, time } = useSpeech();
  const { box, tracker, round, by, server, receipt } = promise;
  const save = (): void =>
    saveAs(`urna-receipt-${tracker.slice(0, 8)}.json`, encodeKeptReceipt(server, receipt), 'application/json');
  return (
    <div class="receipt">
      <dl>
        <dt>{say('vote.receipt.box')}</dt>
        <dd>{box}</dd>
        <dt>{say('vote.receipt.tracker')}</dt>
        <dd>
          <code>{tracker}</code>
        </dd>
        <dt>{say('vote.receipt.round')}</dt>
        <dd>{number(round)}</dd>
        <dt>{say('vote.receipt.by')}</dt>
        <dd>{time(by)}</dd>
      </dl>
      <QrCode text={tracker} label={say('vote.receipt.qr')} />
      <button type="button" onClick={save}>
        {say('vote.receipt.save')}
      </button>
    </div>
  );
}
