/** Parameter of an address that another site shows within a page of its own. */
export const EMBEDDED = 'embed';

/** Whether a page is shown within another site's: there it has no navigation, but it warns as always. */
export function isEmbedded(search: string): boolean {
  return new URLSearchParams(search).has(EMBEDDED);
}
