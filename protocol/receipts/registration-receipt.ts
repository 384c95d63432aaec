import type { Json } from '../canonical-json.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { ElectionContext, Registration } from '../credentials/registration.ts';
import { decodeHex, encodeHex, wordHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { require } from '../errors.ts';
import { readIndex, readMembers } from '../json-members.ts';
import type { Receipt } from './receipt.ts';
import { requireReceipt } from './receipt.ts';

const SHAPE = 'receipt/shape';

/** What the registrar promises: this registration stands in the file, unless a later one of the same credential replaces it (SPEC §17.1). */
export type RegistrationStatement = Readonly<Record<string, Json>> & {
  readonly type: 'urna/v1/receipt/registration';
  readonly chainId: number;
  readonly election: Hex;
  readonly definitionHash: Hex;
  readonly district: number;
  readonly credentialKey: Hex;
  readonly commitment: Hex;
  readonly sequence: number;
  /** Block time at which it was taken, Unix seconds. */
  readonly time: number;
};

/** The statement about a registration, taken at `time`. */
export function registrationStatement(
  context: ElectionContext,
  { district, credentialKey, commitment, sequence }: Omit<Registration, 'signature'>,
  time: number,
): RegistrationStatement {
  const { chainId, election, definitionHash } = context;
  return {
    ...{ type: 'urna/v1/receipt/registration' as const, chainId, election, definitionHash },
    ...{ district, credentialKey, commitment: wordHex(commitment), sequence, time },
  };
}

/**
 * The receipt in a service's answer, if it is the registrar's for exactly this registration: a voter who is left out can show it.
 *
 * @throws `receipt/shape`, `receipt/statement` if it is for another registration, `receipt/signature`, `signature/invalid`, `encoding/hex`
 */
export function readRegistrationReceipt(
  value: Json | undefined,
  context: ElectionContext,
  registration: Omit<Registration, 'signature'>,
  registrar: Hex,
): Receipt<RegistrationStatement> {
  const { statement, signature } = readMembers(value, ['signature', 'statement'], SHAPE);
  require(typeof statement === 'object' && statement !== null && 'time' in statement, SHAPE, 'the receipt has no time');
  const expected = registrationStatement(context, registration, readIndex(statement['time'], SHAPE));
  const same = canonicalJson(statement) === canonicalJson(expected);
  require(same, 'receipt/statement', 'the receipt is for another registration than the one that was sent');
  const receipt = { statement: expected, signature: encodeHex(decodeHex(signature, 65)) };
  requireReceipt(receipt, registrar);
  return receipt;
}
