import { parseJson } from '../../protocol/canonical-json.ts';
import type { Json } from '../../protocol/canonical-json.ts';
import { loginNonce } from '../../protocol/credentials/login-nonce.ts';
import { encodeRegistration } from '../../protocol/credentials/registration.ts';
import type { Registration } from '../../protocol/credentials/registration.ts';
import { decodeHex, encodeHex } from '../../protocol/encoding.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import { readIndex, readMembers } from '../../protocol/json-members.ts';
import type { Patience } from './ask.ts';
import { getJson, postJson } from './ask.ts';
import type { ServerUrl } from './server-url.ts';
import { isPrivate } from './server-url.ts';

/** What the registrar has for a credential. */
export type Standing =
  | { readonly state: 'none' }
  | { readonly state: 'revoked' }
  /** The receipt is not checked yet. */
  | { readonly state: 'registered'; readonly sequence: number; readonly commitment: Hex; readonly receipt: Json };

/** "Am I registered?" (SPEC §17.1). @throws `not-found/credential` where no district lists the key, `server/*` */
export async function fetchStanding(server: ServerUrl, credentialKey: Hex): Promise<Standing> {
  const answer = await getJson(server, `/v1/registrations/${credentialKey}`);
  const state = typeof answer === 'object' && answer !== null && 'state' in answer ? answer.state : undefined;
  if (state === 'none' || state === 'revoked') return { state };
  const names = ['commitment', 'receipt', 'sequence', 'state'] as const;
  const { commitment, receipt, sequence } = readMembers(answer, names, 'server/answer');
  if (state !== 'registered') throw new UrnaError('server/answer', 'the registrar’s answer has no state that we know');
  return {
    ...{ state, receipt, commitment: encodeHex(decodeHex(commitment, 32)) },
    sequence: readIndex(sequence, 'server/answer', 1),
  };
}

/** The registrar's answer to a registration: its receipt, not checked yet, or where to log in first. */
export type RegistrarAnswer = { readonly receipt: Json } | { readonly login: URL };

/** In an election without a second factor (SPEC §17.1): the same registration again gets the same receipt. @throws the server's codes, `server/*` */
export async function postRegistration(server: ServerUrl, registration: Registration): Promise<{ receipt: Json }> {
  return { receipt: await postJson(server, '/v1/registrations', bodyOf(registration)) };
}

/**
 * In an election with a second factor.
 *
 * @param salt - 256 random bits: the login is bound to the commitment by them
 * @param patience - with the cookies by which the server knows this client again when the login is over
 * @throws the server's codes, `second-factor/nonce` for a login that is bound to another commitment, `second-factor/login` for an address that
 *   is none for a login, `server/*`
 */
export async function postWithLogin(
  server: ServerUrl,
  registration: Registration,
  salt: Hex,
  patience: Partial<Patience>,
): Promise<RegistrarAnswer> {
  const answer = await postJson(server, '/v1/registrations', { ...bodyOf(registration), salt }, patience);
  const address = (answer as { readonly login?: Json }).login;
  if (address === undefined) return { receipt: answer };
  const login = URL.canParse(String(address)) ? new URL(String(address)) : undefined;
  // A page goes there: `javascript:` would be run in it.
  if (login === undefined || !isPrivate(login))
    throw new UrnaError('second-factor/login', 'the server sends you to log in where no login over https is');
  // With another nonce the login would count for somebody else's commitment.
  const nonces = login.searchParams.getAll('nonce');
  const own = nonces.length === 1 && nonces[0] === loginNonce(registration.commitment, salt);
  require(own, 'second-factor/nonce', 'the server asks for a login that is not bound to your commitment: do not log in');
  return { login };
}

function bodyOf(registration: Registration): Readonly<Record<string, Json>> {
  return parseJson(encodeRegistration(registration)) as Readonly<Record<string, Json>>;
}
