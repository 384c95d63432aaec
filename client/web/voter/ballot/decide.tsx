import { groupedForm } from '../../../../protocol/ballot/fingerprint-text.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { QrCode } from '../../frame/qr-code.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import { ShortForm } from './short-form.tsx';

/** A ballot that is encrypted: its fingerprint, to be noted before the voter decides. */
export function Decide({ fingerprint }: { readonly fingerprint: Hex }) {
  const { say } = useSpeech();
  return (
    <>
      <p>{say('vote.decide.what')}</p>
      <p class="large">
        {say('vote.decide.short')} <ShortForm fingerprint={fingerprint} />
      </p>
      <details>
        <summary>{say('vote.decide.whole')}</summary>
        <p class="hash">{groupedForm(fingerprint)}</p>
        <QrCode text={fingerprint} label={say('vote.decide.qr')} />
      </details>
      <p>{say('vote.decide.choice')}</p>
      <ul>
        <li>{say('vote.decide.cast')}</li>
        <li>{say('vote.decide.challenge')}</li>
      </ul>
    </>
  );
}
