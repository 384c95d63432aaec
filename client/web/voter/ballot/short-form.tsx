import { shortForm } from '../../../../protocol/ballot/fingerprint-text.ts';
import type { Hex } from '../../../../protocol/encoding.ts';

/** The beginning of a fingerprint, in groups: to be read out and written down. */
export function ShortForm({ fingerprint }: { readonly fingerprint: Hex }) {
  return <code class="short-form">{shortForm(fingerprint)}</code>;
}
