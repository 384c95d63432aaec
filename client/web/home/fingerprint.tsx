import type { Hex } from '../../../protocol/encoding.ts';
import { useSpeech } from '../frame/visitor.ts';

/** Groups of four digits: people compare them two by two. */
export function inGroups(hash: Hex): readonly string[] {
  return hash.slice(2).match(/.{4}/gu) ?? [];
}

/** The definition's hash, to be compared with the one that was published elsewhere. */
export function Fingerprint({ hash }: { readonly hash: Hex }) {
  const { say } = useSpeech();
  return (
    <section aria-labelledby="fingerprint">
      <h2 id="fingerprint">{say('home.fingerprint')}</h2>
      <p class="hash">
        {inGroups(hash).map((group, i) => (
          <span key={i}>{group} </span>
        ))}
      </p>
      <p class="note">{say('home.fingerprint-why')}</p>
    </section>
  );
}
