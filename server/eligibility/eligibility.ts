import type { Registration } from '../../protocol/credentials/registration.ts';
import { verifyRegistration } from '../../protocol/credentials/registration.ts';
import { decodeHex } from '../../protocol/encoding.ts';
import { require } from '../../protocol/errors.ts';
import { equationByOpenssl } from '../../protocol/node/ed25519.ts';
import type { Receipt } from '../../protocol/receipts/receipt.ts';
import { registrationStatement } from '../../protocol/receipts/registration-receipt.ts';
import type { RegistrationStatement } from '../../protocol/receipts/registration-receipt.ts';
import type { Office, ServedElection } from '../frame/election.ts';
import type { Logins } from './second-factor/logins.ts';
import { requireListed } from './sealed-keys.ts';
import type { ChainWatch } from './status.ts';
import type { Taken } from './store/packed.ts';
import type { Register } from './store/register.ts';
import { findRegistration, takeRegistration } from './store/register.ts';

/** Everything that the routes of the eligibility server work with. */
export interface Eligibility {
  readonly election: ServedElection;
  readonly register: Register;
  readonly office: Office;
  readonly chain: ChainWatch;
  /** Undefined in an election that asks for no second factor. */
  readonly logins: Logins | undefined;
  /** Where the published files of the roll's versions are. */
  readonly publishFolder: string;
}

/** The registrar's receipt for what was taken: the same each time, since nothing in it is drawn. */
export function receiptOf(
  { election, office }: Eligibility,
  { registration, time }: Taken,
): Receipt<RegistrationStatement> {
  return office.sign(registrationStatement(election.context, registration, time));
}

/** What stands in the register if it is exactly this registration: somebody asks again because the answer was lost. */
export async function findSame({ register }: Eligibility, registration: Registration): Promise<Taken | undefined> {
  const taken = await findRegistration(register, decodeHex(registration.credentialKey, 32));
  if (taken === undefined) return undefined;
  const { commitment, sequence, signature, district } = taken.registration;
  const same = commitment === registration.commitment && sequence === registration.sequence;
  return same && signature === registration.signature && district === registration.district ? taken : undefined;
}

/**
 * Refuses what could never be taken: a credential in no list, a signature by somebody else.
 *
 * @throws `registration/district`, `registration/credential`, `registration/signature`
 */
function requireGenuine({ register, election }: Eligibility, registration: Registration): void {
  requireListed(register.sealed, registration.district, decodeHex(registration.credentialKey, 32));
  const signed = verifyRegistration(election.context, registration, equationByOpenssl);
  require(signed, 'registration/signature', 'the signature is not of this credential, commitment and election');
}

/** Refuses what could not be taken now: another time than registration's, and what is not genuine. @throws `state/registration`, `registration/*`, `chain/*` */
export async function requireTakeable(eligibility: Eligibility, registration: Registration): Promise<void> {
  await eligibility.chain.registrationTime();
  requireGenuine(eligibility, registration);
}

/**
 * Into the register, if registration is open at the chain's newest block when everything else has been checked.
 *
 * @param subject - hash of the second factor's subject
 * @throws the codes of {@link requireTakeable} and `takeRegistration`
 */
export async function registerNow(
  eligibility: Eligibility,
  registration: Registration,
  subject?: Uint8Array,
): Promise<Receipt<RegistrationStatement>> {
  requireGenuine(eligibility, registration);
  const time = await eligibility.chain.registrationTime();
  return receiptOf(eligibility, await takeRegistration(eligibility.register, registration, time, subject));
}
