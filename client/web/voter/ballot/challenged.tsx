import type { Hex } from '../../../../protocol/encoding.ts';
import { QrCode } from '../../frame/qr-code.tsx';
import { saveAs } from '../../frame/save-as.ts';
import { useSpeech } from '../../frame/visitor.ts';
import { ShortForm } from './short-form.tsx';

const NAME = 'urna-challenged-ballot.json';

/** What a challenged ballot held, for a checker on another device. */
export function Challenged({ fingerprint, opening }: { readonly fingerprint: Hex; readonly opening: string }) {
  const { say } = useSpeech();
  // To be typed on another device.
  const address = new URL(`../check/${location.search}`, location.href).href;
  return (
    <>
      <p>{say('vote.challenged.what')}</p>
      <p class="large">
        {say('vote.decide.short')} <ShortForm fingerprint={fingerprint} />
      </p>
      <ol>
        <li>
          {say('vote.challenged.open')} <a href={address}>{say('vote.challenged.checker')}</a>:{' '}
          <code class="address">{address}</code>
        </li>
        <li>{say('vote.challenged.give')}</li>
        <li>{say('vote.challenged.compare')}</li>
      </ol>
      <QrCode text={opening} label={say('vote.challenged.qr')} />
      <button type="button" onClick={() => saveAs(NAME, opening, 'application/json')}>
        {say('vote.challenged.download')}
      </button>
      <p class="note">{say('vote.challenged.never')}</p>
    </>
  );
}
