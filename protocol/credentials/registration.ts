import { canonicalJson } from '../canonical-json.ts';
import type { Json } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, decodeWord, encodeHex, encodeWord, wordHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { domainTag } from '../hash.ts';
import { readIndex, readMembers } from '../json-members.ts';
import { toField } from '../math/field.ts';
import type { Field } from '../math/field.ts';
import { sign, verifySignature } from './ed25519.ts';
import type { EquationVerifier, SigningKey } from './ed25519.ts';
import type { SignedMessage } from './signature-batch.ts';

const SHAPE = 'registration/shape';

/** What every signature of an election binds (SPEC §1.4). */
export interface ElectionContext {
  readonly chainId: number;
  /** Address of the Election contract. */
  readonly election: Hex;
  readonly definitionHash: Hex;
}

/** A commitment, authorised by a credential (SPEC §5.4). */
export interface Registration {
  readonly district: number;
  readonly credentialKey: Hex;
  readonly commitment: Field;
  /** 1 for the first; each replacement counts on. */
  readonly sequence: number;
  readonly signature: Hex;
}

/** `tag("registration") ‖ words(chainId, E, definitionHash, district, commitment, sequence)`: 224 bytes (SPEC §5.4). */
export function registrationMessage(
  context: ElectionContext,
  { district, commitment, sequence }: Pick<Registration, 'district' | 'commitment' | 'sequence'>,
): Uint8Array {
  const { chainId, election, definitionHash } = context;
  const words = [
    BigInt(chainId),
    BigInt(election),
    BigInt(definitionHash),
    BigInt(district),
    commitment,
    BigInt(sequence),
  ];
  return concatBytes(domainTag('registration'), ...words.map(encodeWord));
}

/**
 * A registration of `commitment`, signed with the voter's credential.
 *
 * @throws `registration/shape` for a commitment of 0 or a sequence below 1
 */
export function signRegistration(
  context: ElectionContext,
  credential: SigningKey,
  fields: Pick<Registration, 'district' | 'commitment' | 'sequence'>,
): Registration {
  const signature = encodeHex(sign(credential, registrationMessage(context, fields)));
  return checkRange({ ...fields, credentialKey: encodeHex(credential.publicKey), signature });
}

/** True if the credential key signed exactly this, for this election. @param holds - see {@link verifySignature} */
export function verifyRegistration(
  context: ElectionContext,
  registration: Registration,
  holds?: EquationVerifier,
): boolean {
  const { publicKey, message, signature } = signedRegistration(context, registration);
  return verifySignature(publicKey, message, signature, holds);
}

/** What {@link verifyRegistration} verifies, for whoever verifies many at once. */
export function signedRegistration(context: ElectionContext, registration: Registration): SignedMessage {
  const [publicKey, signature] = [decodeHex(registration.credentialKey, 32), decodeHex(registration.signature, 64)];
  return { publicKey, message: registrationMessage(context, registration), signature };
}

/** One canonical JSON line, without the line feed. */
export function encodeRegistration(registration: Registration): string {
  return canonicalJson({ ...registration, commitment: wordHex(registration.commitment) });
}

/**
 * The registration in a parsed JSON value.
 *
 * @throws `registration/shape`, `encoding/hex`, `field/range`
 */
export function readRegistration(value: Json): Registration {
  const names = ['commitment', 'credentialKey', 'district', 'sequence', 'signature'] as const;
  const fields = readMembers(value, names, SHAPE);
  return checkRange({
    district: readIndex(fields.district, SHAPE),
    credentialKey: encodeHex(decodeHex(fields.credentialKey, 32)),
    commitment: toField(decodeWord(fields.commitment)),
    sequence: readIndex(fields.sequence, SHAPE, 1),
    signature: encodeHex(decodeHex(fields.signature, 64)),
  });
}

function checkRange(registration: Registration): Registration {
  require(registration.commitment !== 0n, SHAPE, 'a commitment is never zero');
  require(Number.isSafeInteger(registration.sequence) && registration.sequence >= 1, SHAPE, 'sequences start at 1');
  return registration;
}
