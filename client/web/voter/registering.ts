import type { Definition } from '../../../protocol/definition/definition.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import type { SigningKey } from '../../../protocol/credentials/ed25519.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import type { Standing } from '../../http/registrar.ts';
import { fetchStanding, postRegistration, postWithLogin } from '../../http/registrar.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import type { ElectionView } from '../service/election-view.ts';
import type { OpenedVoter } from './opened-voter.ts';
import { randomBytes } from './random.ts';
import { saveVoter } from './vault.ts';

/** Whether the election asks for a login besides the letter (SPEC §17.1). */
export function hasSecondFactor({ assurance, environment }: Definition): boolean {
  return assurance === 'two-office' || environment === 'binding';
}

/** Where the registrar is. @throws `registrar/none` if the service names none, `server/url` */
export function registrarOf({ services }: ElectionView): ServerUrl {
  const address = services['registrar'];
  if (address === undefined) throw new UrnaError('registrar/none', 'the service names no eligibility server');
  return parseServerUrl(address);
}

/** What the registrar has for a credential. @throws those of {@link fetchStanding}, of {@link registrarOf} */
export function askStanding(view: ElectionView, publicKey: Uint8Array): Promise<Standing> {
  return fetchStanding(registrarOf(view), encodeHex(publicKey));
}

/** Where to log in, and for the registration of which sequence. */
export interface LoginAsked {
  readonly url: URL;
  readonly sequence: number;
}

/** What came of registering: the voter with the receipt, or a login that is asked for first. */
export type Registering = { readonly voter: OpenedVoter } | { readonly login: LoginAsked };

/**
 * Registers the voter's identity with the voter's credential, and keeps the receipt once its signature is the registrar's. What was taken before
 * an answer got lost is found again, not sent twice. Where a second factor is asked for, the answer is where to log in.
 *
 * @param replaced - the commitment that the voter agreed to replace; any other one is left alone
 * @throws `registration/*`, `registration/other` if another identity is registered, `second-factor/*`, `receipt/*`, the server's codes, `vault/*`
 */
export async function registerVoter(view: ElectionView, voter: OpenedVoter, replaced?: Hex): Promise<Registering> {
  const standing = await standingOf(view, voter);
  if (standing.state === 'revoked') throw new UrnaError('registration/revoked', 'this credential has been revoked');
  const own = wordHex(voter.identity.commitment);
  const last = standing.state === 'registered' ? standing : undefined;
  if (last?.commitment === own) return { voter: await keepReceipt(view, voter, last.sequence, last.receipt) };
  const mayReplace = last === undefined || last.commitment === replaced;
  require(mayReplace, 'registration/other', 'another identity is registered with this letter');
  const sequence = (last?.sequence ?? 0) + 1;
  const fields = { district: voter.file.district, commitment: voter.identity.commitment, sequence };
  const registration = signRegistration(view.context, credentialOf(voter), fields);
  const server = registrarOf(view);
  const answer = hasSecondFactor(view.definition)
    ? await postWithLogin(server, registration, encodeHex(randomBytes(32)), { cookies: 'of-browser' })
    : await postRegistration(server, registration);
  if ('login' in answer) return { login: { url: answer.login, sequence } };
  return { voter: await keepReceipt(view, voter, sequence, answer.receipt) };
}

/** Keeps that a login is under way, before the page is left for it: whoever comes back is led on from there. @throws `vault/*` */
export function beginLogin(voter: OpenedVoter, { sequence }: LoginAsked): Promise<OpenedVoter> {
  return saveVoter(voter, { loginFor: sequence });
}

/**
 * After a login: the receipt, if the registrar has taken the registration.
 *
 * @throws `second-factor/unfinished` if it has not, `receipt/*`, the codes of {@link askStanding}, `vault/*`
 */
export async function finishRegistration(view: ElectionView, voter: OpenedVoter): Promise<OpenedVoter> {
  const standing = await standingOf(view, voter);
  const isOwn = standing.state === 'registered' && standing.commitment === wordHex(voter.identity.commitment);
  if (!isOwn)
    throw new UrnaError('second-factor/unfinished', 'the registrar has taken no registration of this identity');
  return keepReceipt(view, voter, standing.sequence, standing.receipt);
}

function credentialOf({ file }: OpenedVoter): SigningKey {
  if (file.credential === undefined)
    throw new UrnaError('registration/credential', 'enter the code from the letter first');
  return signingKey(file.credential);
}

async function standingOf(view: ElectionView, voter: OpenedVoter): Promise<Standing> {
  return askStanding(view, credentialOf(voter).publicKey);
}

/** Keeps the registrar's answer if it is the receipt for exactly the voter's own registration. */
function keepReceipt(view: ElectionView, voter: OpenedVoter, sequence: number, answer: Json): Promise<OpenedVoter> {
  const credentialKey = encodeHex(credentialOf(voter).publicKey);
  const own = { district: voter.file.district, commitment: voter.identity.commitment, credentialKey, sequence };
  const receipt = readRegistrationReceipt(answer, view.context, own, view.definition.registrar);
  return saveVoter(voter, { receipt: { ...receipt }, loginFor: undefined });
}
