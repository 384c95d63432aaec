import type { Json } from '../canonical-json.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { ElectionContext } from '../credentials/registration.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { require } from '../errors.ts';
import { readIndex, readMembers } from '../json-members.ts';
import type { Receipt } from './receipt.ts';
import { requireReceipt } from './receipt.ts';

const SHAPE = 'receipt/shape';

/** The registrar's word that it has a challenge (SPEC §17.1). */
export type ChallengeStatement = Readonly<Record<string, Json>> & {
  readonly type: 'urna/v1/receipt/challenge';
  readonly chainId: number;
  readonly election: Hex;
  readonly definitionHash: Hex;
  /** Of the challenge (SPEC §5.7). */
  readonly id: Hex;
  /** Block time at which it was taken, Unix seconds. */
  readonly time: number;
};

/** The statement about the challenge `id`, taken at `time`. */
export function challengeStatement(
  { chainId, election, definitionHash }: ElectionContext,
  id: Hex,
  time: number,
): ChallengeStatement {
  return { type: 'urna/v1/receipt/challenge', chainId, election, definitionHash, id, time };
}

/**
 * The receipt in a service's answer, if it is the registrar's for exactly this challenge.
 *
 * @throws `receipt/shape`, `receipt/statement` if it is for another challenge, `receipt/signature`, `signature/invalid`, `encoding/hex`
 */
export function readChallengeReceipt(
  value: Json | undefined,
  context: ElectionContext,
  id: Hex,
  registrar: Hex,
): Receipt<ChallengeStatement> {
  const { statement, signature } = readMembers(value, ['signature', 'statement'], SHAPE);
  require(typeof statement === 'object' && statement !== null && 'time' in statement, SHAPE, 'the receipt has no time');
  const expected = challengeStatement(context, id, readIndex(statement['time'], SHAPE));
  const same = canonicalJson(statement) === canonicalJson(expected);
  require(same, 'receipt/statement', 'the receipt is for another challenge than the one that was sent');
  const receipt = { statement: expected, signature: encodeHex(decodeHex(signature, 65)) };
  requireReceipt(receipt, registrar);
  return receipt;
}
