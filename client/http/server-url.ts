import { UrnaError, require } from '../../protocol/errors.ts';

/** A service's address: routes are below it. */
export type ServerUrl = string & { readonly __brand: 'server url' };

const OWN_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;

/**
 * The address of a service: `https`, or `http` to the own machine only, since what a voter sends says who registers, or that somebody
 * votes now. Without a query, and without name and password, which would stand in lists of processes.
 *
 * @throws `server/url`
 */
export function parseServerUrl(text: string): ServerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new UrnaError('server/url', 'the address of a server starts with https://');
  require(isPrivate(url), 'server/url', 'a server is asked over https; http is for programs on this machine only');
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  require(plain, 'server/url', 'the address of a server has no user name, password, query or fragment in it');
  return url.href.replace(/\/+$/u, '') as ServerUrl;
}

/** Whether what goes there is seen by nobody on the way: `https`, or `http` to the own machine. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && OWN_MACHINE.test(hostname));
}
