import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import { readMembers } from '../../../protocol/json-members.ts';
import { subjectHash } from '../../../protocol/credentials/subjects.ts';
import { encodeRegistration, readRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { WordList } from '../../../protocol/word-list.ts';
import type { Redis } from '../../frame/redis.ts';
import { KEYS } from '../store/keys.ts';
import { isEligible } from './eligible-subjects.ts';
import type { OpenedFactor } from './kinds.ts';
import type { Login } from './second-factor.ts';

/** The second factor of an election and who passes it. */
export interface Logins extends OpenedFactor {
  /** The office that names persons. */
  readonly issuer: string;
  readonly subjects: WordList;
  readonly definitionHash: Hex;
  readonly redis: Redis;
}

/** Seconds that a voter has for logging in. */
const EXPIRES = 600;

/** A login that has begun: where to go, and the secret that only the browser which began it has. */
export interface Begun {
  readonly url: string;
  readonly browser: string;
}

/** Begins a login for a registration that was found genuine. Of one credential the last one begun counts. @throws `second-factor/provider` */
export async function beginLogin({ factor, redis }: Logins, registration: Registration, salt: Hex): Promise<Begun> {
  const state = encodeHex(randomBytes(32)).slice(2);
  const browser = encodeHex(randomBytes(32)).slice(2);
  const { url, memory } = await factor.begin({ registration, salt, state });
  const kept = canonicalJson({
    ...{ registration: parseJson(encodeRegistration(registration)), salt, memory, browser: digest(browser) },
  });
  const mine = `${KEYS.loginOf}${registration.credentialKey}`;
  const before = await redis.set(mine, state, { expiration: { type: 'EX', value: EXPIRES }, GET: true });
  const begun = redis.multi().set(`${KEYS.login}${state}`, kept, { expiration: { type: 'EX', value: EXPIRES } });
  await (before === null ? begun : begun.del(`${KEYS.login}${before}`)).exec();
  return { url, browser };
}

/**
 * Ends a login, once: whose registration it was, and the hash of who logged in.
 *
 * @param callback - the address at which the browser came back
 * @param browser - the secret that it shows; another browser's login is left as it is
 * @throws `second-factor/state`, `second-factor/browser`, `second-factor/refused`, `second-factor/not-eligible`, `second-factor/provider`
 */
export async function finishLogin(
  logins: Logins,
  callback: URL,
  browser: string | undefined,
): Promise<{ readonly registration: Registration; readonly subject: Uint8Array }> {
  const { redis, factor, issuer, subjects, definitionHash } = logins;
  const state = callback.searchParams.get('state') ?? '';
  const key = `${KEYS.login}${/^[0-9a-f]{64}$/u.test(state) ? state : 'none'}`;
  const login = readLogin(await redis.get(key), state);
  const same = browser !== undefined && timingSafeEqual(Buffer.from(digest(browser)), Buffer.from(login.browser));
  require(same, 'second-factor/browser', 'this login was begun in another browser, or by a program: finish it there');
  // Whoever deletes it goes on: a second callback with the same state finds nothing.
  require((await redis.del(key)) === 1, 'second-factor/state', OVER);
  const subject = subjectHash(definitionHash, issuer, await factor.finish(callback, login));
  const eligible = isEligible(subjects, subject);
  require(eligible, 'second-factor/not-eligible', 'this person is not on the list of those who may register');
  return { registration: login.registration, subject };
}

const OVER = 'this login is over or was never begun: begin the registration again';

function readLogin(text: string | null, state: string): Login & { readonly browser: string } {
  if (text === null) throw new UrnaError('second-factor/state', OVER);
  const names = ['browser', 'memory', 'registration', 'salt'] as const;
  const { browser, memory, registration, salt } = readMembers(parseJson(text), names, 'internal/login');
  return {
    ...{ registration: readRegistration(registration), salt: encodeHex(decodeHex(salt, 32)), state },
    ...{ memory: String(memory), browser: String(browser) },
  };
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
