import { require } from '../errors.ts';

/** A fingerprint's 64 digits in groups of four: what two devices compare. @param fingerprint - `0x` hex, 256 bits */
export function groupedForm(fingerprint: string): string {
  return (fingerprint.slice(2).match(/.{4}/gu) ?? []).join(' ');
}

/** The first 80 bits in groups of four digits: to be read out; machines compare all 256 (SPEC §9.1). */
export function shortForm(fingerprint: string): string {
  return groupedForm(fingerprint.slice(0, 22));
}

/**
 * Whether what a voter noted is this fingerprint: all digits or those of the short form, in any case, white space ignored.
 *
 * @throws `usage/fingerprint` if it is neither
 */
export function isNoted(noted: string, fingerprint: string): boolean {
  const known = isFingerprint(noted);
  require(known, 'usage/fingerprint', 'a fingerprint has 64 hexadecimal digits, its short form the first 20');
  return fingerprint.slice(2).startsWith(digitsOf(noted));
}

/** Whether a text is a fingerprint as people write one: all digits or those of the short form. */
export function isFingerprint(text: string): boolean {
  return /^(?:[0-9a-f]{64}|[0-9a-f]{20})$/u.test(digitsOf(text));
}

function digitsOf(noted: string): string {
  return noted.replace(/\s/gu, '').replace(/^0x/iu, '').toLowerCase();
}
