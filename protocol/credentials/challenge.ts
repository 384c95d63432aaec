import type { Json } from '../canonical-json.ts';
import { canonicalBytes } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, decodeWord, encodeHex, encodeWord, wordHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { domainTag, keccak256 } from '../hash.ts';
import { readIndex, readMembers } from '../json-members.ts';
import type { Field } from '../math/field.ts';
import { toField } from '../math/field.ts';
import type { ReasonCode } from '../roll/reasons.ts';
import { REASON_CODES } from '../roll/reasons.ts';
import type { EquationVerifier, SigningKey } from './ed25519.ts';
import { sign, verifySignature } from './ed25519.ts';
import type { ElectionContext } from './registration.ts';

const SHAPE = 'challenge/shape';

/** That a version of the roll is wrong about a credential, as its holder says (SPEC §5.7). */
export interface Challenge {
  readonly district: number;
  readonly credentialKey: Hex;
  /** Of the roll. */
  readonly version: number;
  /** What is wrong, in the words in which a correction gives its reason. */
  readonly claim: ReasonCode;
  /** The commitment that ought to stand there; null if none. */
  readonly commitment: Field | null;
  readonly signature: Hex;
}

/** `tag("challenge") ‖ words(chainId, E, definitionHash, district, version, claim, commitment or 0)`, `claim` its place among the codes, from 0. */
export function challengeMessage(
  { chainId, election, definitionHash }: ElectionContext,
  { district, version, claim, commitment }: Omit<Challenge, 'credentialKey' | 'signature'>,
): Uint8Array {
  const numbers = [chainId, election, definitionHash, district, version, REASON_CODES.indexOf(claim)].map(BigInt);
  return concatBytes(domainTag('challenge'), ...[...numbers, commitment ?? 0n].map(encodeWord));
}

/** A challenge signed with the voter's credential. */
export function signChallenge(
  context: ElectionContext,
  credential: SigningKey,
  fields: Omit<Challenge, 'credentialKey' | 'signature'>,
): Challenge {
  const signature = encodeHex(sign(credential, challengeMessage(context, fields)));
  return { ...fields, credentialKey: encodeHex(credential.publicKey), signature };
}

/** True if the credential key signed exactly this, for this election. @param holds - see `verifySignature` */
export function verifyChallenge(context: ElectionContext, challenge: Challenge, holds?: EquationVerifier): boolean {
  const [key, signature] = [decodeHex(challenge.credentialKey, 32), decodeHex(challenge.signature, 64)];
  return verifySignature(key, challengeMessage(context, challenge), signature, holds);
}

/** The challenge as it is sent. */
export function challengeJson(challenge: Challenge): Readonly<Record<string, Json>> {
  return { ...challenge, commitment: challenge.commitment === null ? null : wordHex(challenge.commitment) };
}

/** keccak256 of the RFC 8785 form: names it where it is asked for, and only who has the credential can make it. */
export function challengeId(challenge: Challenge): Hex {
  return encodeHex(keccak256(canonicalBytes(challengeJson(challenge))));
}

/** The challenge in a parsed JSON value. @throws `challenge/shape`, `encoding/hex`, `field/range` */
export function readChallenge(value: Json): Challenge {
  const names = ['claim', 'commitment', 'credentialKey', 'district', 'signature', 'version'] as const;
  const fields = readMembers(value, names, SHAPE);
  const claim = REASON_CODES.find((code) => code === fields.claim);
  require(claim !== undefined, SHAPE, `a claim is one of ${REASON_CODES.join(', ')}`);
  return {
    ...{ district: readIndex(fields.district, SHAPE), version: readIndex(fields.version, SHAPE, 1), claim },
    credentialKey: encodeHex(decodeHex(fields.credentialKey, 32)),
    commitment: fields.commitment === null ? null : toField(decodeWord(fields.commitment)),
    signature: encodeHex(decodeHex(fields.signature, 64)),
  };
}
