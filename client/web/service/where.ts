import type { ServerUrl } from '../../http/server-url.ts';
import { parseServerUrl } from '../../http/server-url.ts';

/** The public service that a page asks: the one its address names (`?service=https://…`), else the host that served the page. @throws `server/url` */
export function serviceOf({ search, origin }: Pick<Location, 'search' | 'origin'>): ServerUrl {
  return parseServerUrl(new URLSearchParams(search).get('service') ?? origin);
}
