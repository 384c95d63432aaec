import type { Definition } from '../../../protocol/definition/definition.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import type { Standing } from '../../http/registrar.ts';
import { fetchStanding, postRegistration } from '../../http/registrar.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import type { ElectionView } from '../service/election-view.ts';
import type { OpenedVoter } from './opened-voter.ts';
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

/**
 * Registers the voter's identity with the voter's credential, and keeps the receipt once its signature is the registrar's. What was taken before
 * an answer got lost is found again, not sent twice.
 *
 * @param replaced - the commitment that the voter agreed to replace; any other one is left alone
 * @throws `registration/*`, `registration/other` if another identity is registered, `second-factor/page`, `receipt/*`, the server's codes, `vault/*`
 */
export async function registerVoter(view: ElectionView, voter: OpenedVoter, replaced?: Hex): Promise<OpenedVoter> {
  const { file, identity } = voter;
  if (file.credential === undefined)
    throw new UrnaError('registration/credential', 'enter the code from the letter first');
  const credential = signingKey(file.credential);
  const server = registrarOf(view);
  const standing = await askStanding(view, credential.publicKey);
  if (standing.state === 'revoked') throw new UrnaError('registration/revoked', 'this credential has been revoked');
  const own = wordHex(identity.commitment);
  const { context, definition } = view;
  const { district } = file;
  const last = standing.state === 'registered' ? standing : undefined;
  const isDone = last?.commitment === own;
  const mayReplace = last === undefined || isDone || last.commitment === replaced;
  require(mayReplace, 'registration/other', 'another identity is registered with this letter');
  const canPost = isDone || !hasSecondFactor(definition);
  require(canPost, 'second-factor/page', 'this election asks for a login, through which this page does not lead yet');
  const sequence = isDone ? last.sequence : (last?.sequence ?? 0) + 1;
  const fields = { district, commitment: identity.commitment, sequence };
  const registration = signRegistration(context, credential, fields);
  const answer = isDone ? last.receipt : (await postRegistration(server, registration)).receipt;
  const receipt = readRegistrationReceipt(answer, context, registration, definition.registrar);
  return saveVoter(voter, { receipt: { ...receipt } });
}
