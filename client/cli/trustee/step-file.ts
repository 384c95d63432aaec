import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { decodeMessage, encodeMessage } from '../../../protocol/ceremony/message-json.ts';
import { messageObject } from '../../../protocol/ceremony/step-object.ts';
import type { SignedMessage } from '../../../protocol/ceremony/step-object.ts';
import { signatureFault } from '../../../protocol/acts/quorum.ts';
import { signDigest } from '../../../protocol/acts/signature.ts';
import { stepDigest } from '../../../protocol/acts/typed-data.ts';
import type { ElectionDomain } from '../../../protocol/acts/typed-data.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';

const TYPE = 'urna/v1/step';
const CODE = 'step/file';

/** A signed message of the key ceremony, ready to be posted by anyone. */
export interface StepFile {
  readonly domain: ElectionDomain;
  readonly message: SignedMessage;
  readonly signature: Uint8Array;
}

/** Digest that a trustee signs for a message (SPEC §7). */
export function digestOf(domain: ElectionDomain, message: SignedMessage): Uint8Array {
  const { kind: name, attempt, trustee } = message;
  const step = { name, attempt: BigInt(attempt), trustee: BigInt(trustee), object: messageObject(message) };
  return stepDigest(domain, step);
}

/** Signs a message with the trustee's key. */
export function signStep(domain: ElectionDomain, message: SignedMessage, privateKey: Uint8Array): StepFile {
  const { chainId, election } = domain;
  return { domain: { chainId, election }, message, signature: signDigest(digestOf(domain, message), privateKey) };
}

/** Canonical text of a step file; the time is the chain's to say, so none is in it. */
export function encodeStepFile({ domain, message, signature }: StepFile): string {
  const all = Object.entries(encodeMessage(message) as Readonly<Record<string, Json>>);
  const members = Object.fromEntries(all.filter(([name]) => name !== 'time'));
  const { chainId, election } = domain;
  return canonicalJson({
    type: TYPE,
    chainId: Number(chainId),
    election,
    message: members,
    signature: encodeHex(signature),
  });
}

/** Strict inverse of {@link encodeStepFile}. @throws `step/file`, `ceremony/message`, `encoding/hex`, `json/*` */
export function decodeStepFile(text: string): StepFile {
  const file = readMembers(parseCanonical(text), ['chainId', 'election', 'message', 'signature', 'type'], CODE);
  require(file.type === TYPE, CODE, `not a file of type ${TYPE}`);
  const members = file.message;
  require(typeof members === 'object' && members !== null && !Array.isArray(members), CODE, 'the message is missing');
  require(!('time' in members), CODE, 'a step file carries no time');
  const message = decodeMessage({ ...members, time: 0 });
  if (message.kind === 'timeout' || message.kind === 'finish')
    throw new UrnaError(CODE, `nobody signs a ${message.kind}`);
  const election = encodeHex(decodeHex(file.election, 20));
  const domain = { chainId: BigInt(readIndex(file.chainId, CODE, 1)), election };
  return { domain, message, signature: decodeHex(file.signature, 65) };
}

/** Refuses a step that is not its trustee's. @param keys - of the trustees, index 1 first @throws `step/signature` */
export function requireStepSignature({ domain, message, signature }: StepFile, keys: readonly Hex[]): void {
  const key = keys[message.trustee - 1];
  require(key !== undefined, 'step/signature', `there is no trustee ${message.trustee}`);
  const fault = signatureFault(digestOf(domain, message), signature, key);
  require(fault === undefined, 'step/signature', `the step of trustee ${message.trustee}: ${fault ?? ''}`);
}
