import type { Json } from '../../../protocol/canonical-json.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { Receipt } from '../../../protocol/receipts/receipt.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import type { RegistrationStatement } from '../../../protocol/receipts/registration-receipt.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { getJson } from '../../http/ask.ts';
import { postRegistration, postWithLogin } from '../../http/registrar.ts';
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
  const twoOffices = definition.assurance === 'two-office' || definition.environment === 'binding';
  const receipt = twoOffices
    ? await withLogin(server, registration, askLogin)
    : (await postRegistration(server, registration)).receipt;
  return readRegistrationReceipt(receipt, context, registration, definition.registrar);
}

async function withLogin(server: ServerUrl, registration: Registration, askLogin: AskLogin): Promise<Json> {
  const cookies = new Map<string, string>();
  const answer = await postWithLogin(server, registration, encodeHex(randomBytes(32)), { cookies });
  if ('receipt' in answer) return answer.receipt;
  const text = (await askLogin(answer.login.href)).trim();
  const ended = URL.canParse(text) ? new URL(text) : undefined;
  const right = ended !== undefined && ended.pathname.endsWith(CALLBACK) && ended.searchParams.has('state');
  require(right, 'second-factor/address', `that is not the address of the page after the login: it has ${CALLBACK} in it`);
  return getJson(server, `${CALLBACK}${ended.search}`, { cookies });
}
