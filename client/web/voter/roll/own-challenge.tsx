import { useState } from 'preact/hooks';
import type { ChallengeFate } from '../../../http/roll-challenge.ts';
import { fetchChallengeFate } from '../../../http/roll-challenge.ts';
import { Failure } from '../../frame/failure.tsx';
import { saveAs } from '../../frame/save-as.ts';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { ElectionView } from '../../service/election-view.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { challengeOf } from './challenging.ts';

/** Why the registrar's staff may dismiss a challenge (SPEC §17.1). */
const REASONS = ['as-registered', 'replaced-later', 'revoked-before', 'never-registered', 'withdrawn'];

/** A challenge that this device has made, its receipt, and what became of it. */
export function OwnChallenge({ view, voter }: { readonly view: ElectionView; readonly voter: OpenedVoter }) {
  const { say, number } = useSpeech();
  const [fate, setFate] = useState<ChallengeFate>();
  const { isBusy, error, start } = useAttempt();
  const made = challengeOf(view, voter.file.voting);
  if (made === undefined) return null;
  const { kept, text } = made;
  const ask = (): void => start(async () => setFate(await fetchChallengeFate(kept.server, kept.id)));
  const reason = fate?.state === 'dismissed' && REASONS.includes(fate.reason) ? fate.reason : 'other';
  return (
    <div class="note">
      <p>{say('vote.roll.challenged', { version: number(kept.challenge.version) })}</p>
      <div role="status">
        {fate !== undefined && <p>{say(`vote.roll.fate.${fate.state}`)}</p>}
        {fate?.state === 'dismissed' && <p>{say(`vote.roll.dismissed.${reason}`)}</p>}
      </div>
      {error !== undefined && <Failure error={error} />}
      <p class="buttons">
        <button type="button" disabled={isBusy} onClick={ask}>
          {say('vote.roll.ask')}
        </button>
        <button type="button" onClick={() => saveAs('urna-challenge.json', text, 'application/json')}>
          {say('vote.receipt.save')}
        </button>
      </p>
    </div>
  );
}
