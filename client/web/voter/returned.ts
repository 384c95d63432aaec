import { UrnaError } from '../../../protocol/errors.ts';

/** How the registrar sent a browser back from a login (SPEC §17.1): that the registration was taken, or the code of what was wrong. */
export type Returned = 'registered' | UrnaError;

const CODE = /^#([a-z0-9-]{1,40}\/[a-z0-9-]{1,60})$/u;

/**
 * What the fragment of the page's address says of a login; undefined where nobody comes from one. Anybody can write an address: it is what a
 * voter is told, and nothing is believed but the registrar's signature on the receipt.
 */
export function returnedOf(hash: string): Returned | undefined {
  if (hash === '#registered') return 'registered';
  const code = CODE.exec(hash)?.[1];
  return code === undefined
    ? undefined
    : new UrnaError(code, 'the registrar sent the browser back without a registration');
}

/** {@link returnedOf} of the page's own address, once: a reload is another matter. */
export function takeReturned(): Returned | undefined {
  const returned = returnedOf(location.hash);
  if (returned !== undefined) history.replaceState(null, '', `${location.pathname}${location.search}`);
  return returned;
}
