import { UrnaError, require } from '../../../../protocol/errors.ts';
import type { ConfiguredRedis } from '../services.ts';

/** The services of the sample election, each with a Redis of its own. */
const NAMES = ['registrar', 'box-1', 'box-2', 'public'];

/**
 * The Redis addresses that `npm start` was given, by service.
 *
 * @param given - `name=redis://…`, `name=rediss://…` or `name=unix:PATH`
 * @throws `usage/arguments` for what is none, a service that there is not or twice, a Redis for two, and `URNA_REDIS_URL`, which cannot say for which
 */
export function configuredRedis(
  given: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ConfiguredRedis {
  require(env['URNA_REDIS_URL'] ===
    undefined, 'usage/arguments', `URNA_REDIS_URL names one Redis, and each service has its own: unset it, and give --redis NAME=URL, NAME one of ${NAMES.join(', ')}`);
  const found = new Map<string, string>();
  for (const each of given) {
    const [, name = '', url = ''] = /^([^=]*)=((?:rediss?:\/\/|unix:).+)$/su.exec(each) ?? [];
    require(NAMES.includes(
      name,
    ), 'usage/arguments', `--redis takes NAME=URL, NAME one of ${NAMES.join(', ')}, URL redis://…, rediss://… or unix:PATH`);
    require(!hasPassword(
      url,
    ), 'usage/arguments', `the Redis of ${name} has a password in its address, and everybody on this machine can read a program’s arguments: use a socket that only you can enter (unix:PATH)`);
    require(!found.has(name), 'usage/arguments', `--redis names the Redis of ${name} twice`);
    require(![...found.values()].includes(
      url,
    ), 'usage/arguments', `${name} has the Redis of another service: each has its own`);
    found.set(name, url);
  }
  return Object.fromEntries(found);
}

function hasPassword(url: string): boolean {
  if (url.startsWith('unix:')) return false;
  try {
    return new URL(url).password !== '';
  } catch {
    throw new UrnaError('usage/arguments', 'a Redis has an address that is none');
  }
}
