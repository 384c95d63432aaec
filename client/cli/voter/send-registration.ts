import type { Json } from '../../../protocol/canonical-json.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { loginNonce } from '../../../protocol/credentials/login-nonce.ts';
import { encodeRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { Receipt } from '../../../protocol/receipts/receipt.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import type { RegistrationStatement } from '../../../protocol/receipts/registration-receipt.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { getJson, postJson } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';

/** Sends a person to an address to log in. @returns the address on which the browser ended */
export type AskLogin = (address: string) => Promise<string>;

/** A login leads through a browser, and its last address back to us. */
const CALLBACK = '/v1/oidc/callback';

/**
 * Registers with the eligibility server (SPEC §17.1), by a second factor if the election asks for one. The very same registration may be sent
 * again: the receipt is the same.
 *
 * @returns the receipt, checked
 * @throws the server's codes, `receipt/*`, `second-factor/nonce`, `second-factor/address`, `server/*`
 */
export async function sendRegistration(
  { definition, context }: LoadedElection,
  server: ServerUrl,
  registration: Registration,
  askLogin: AskLogin,
): Promise<Receipt<RegistrationStatement>> {
  const body = parseJson(encodeRegistration(registration)) as Readonly<Record<string, Json>>;
  const twoOffices = definition.assurance === 'two-office' || definition.environment === 'binding';
  const answer = twoOffices
    ? await withLogin(server, registration, body, askLogin)
    : await postJson(server, '/v1/registrations', body);
  return readRegistrationReceipt(answer, context, registration, definition.registrar);
}

async function withLogin(
  server: ServerUrl,
  { commitment }: Registration,
  body: Readonly<Record<string, Json>>,
  askLogin: AskLogin,
): Promise<Json> {
  const salt: Hex = encodeHex(randomBytes(32));
  const cookies = new Map<string, string>();
  const answer = (await postJson(server, '/v1/registrations', { ...body, salt }, { cookies })) as { login?: Json };
  if (answer.login === undefined) return answer as Json;
  const login = URL.canParse(String(answer.login)) ? new URL(String(answer.login)) : undefined;
  // With another nonce the login would count for somebody else's commitment.
  const own = login?.searchParams.get('nonce') === loginNonce(commitment, salt);
  if (login === undefined || !own) {
    throw new UrnaError(
      'second-factor/nonce',
      'the server asks for a login that is not bound to your commitment: do not log in',
    );
  }
  const text = (await askLogin(login.href)).trim();
  const ended = URL.canParse(text) ? new URL(text) : undefined;
  const right = ended !== undefined && ended.pathname.endsWith(CALLBACK) && ended.searchParams.has('state');
  require(right, 'second-factor/address', `that is not the address of the page after the login: it has ${CALLBACK} in it`);
  return getJson(server, `${CALLBACK}${ended.search}`, { cookies });
}
