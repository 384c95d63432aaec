import { useSpeech } from '../../frame/visitor.ts';
import { FindByReceipt } from '../slots/receipt-form.tsx';
import type { ViewProps } from '../voter.tsx';
import { ShowReturned } from './show-returned.tsx';
import { ViewTitle } from './view-title.tsx';

/** No identity is kept on this device. */
export function Start({ view, tell, returned }: ViewProps) {
  const { say, time } = useSpeech();
  const { registrationOpens, registrationCloses } = view.definition.times;
  return (
    <>
      <ViewTitle>{say('frame.vote')}</ViewTitle>
      <ShowReturned returned={returned} isKept={false} />
      <p>{say('vote.start.none')}</p>
      <p class="note">
        {say('vote.start.registration', { from: time(registrationOpens), to: time(registrationCloses) })}
      </p>
      <h2>{say('vote.start.first')}</h2>
      <p>{say('vote.start.first-how')}</p>
      <p>
        <button type="button" class="main" onClick={() => tell({ type: 'has-letter' })}>
          {say('vote.start.letter')}
        </button>
      </p>
      <h2>{say('vote.start.again')}</h2>
      <p>{say('vote.start.again-how')}</p>
      <p>
        <button type="button" onClick={() => tell({ type: 'has-backup' })}>
          {say('vote.start.backup')}
        </button>
      </p>
      {view.time >= view.opensAt && <FindByReceipt view={view} />}
    </>
  );
}
