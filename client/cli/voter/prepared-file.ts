import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import { pollMembers, readPollPlace } from '../../../protocol/ballot/poll-place.ts';
import type { PollPlace } from '../../../protocol/ballot/poll-place.ts';
import type { Randomness } from '../../../protocol/ballot/randomness.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { decodeWord, encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { readMembers } from '../../../protocol/json-members.ts';
import { toField } from '../../../protocol/math/field.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { randomnessOf, readValues } from '../ballot/ballot-bytes.ts';
import { openWithPassphrase, sealWithPassphrase } from '../../../protocol/node/age.ts';
import { readBytes } from '../../../protocol/node/files.ts';

const TYPE = 'urna/v1/prepared-ballot';
const CODE = 'prepared/file';

/** A ballot before the voter decides to cast or to challenge it: no proof of it exists yet. Secret. */
export interface PreparedBallot extends PollPlace {
  readonly slot: Field;
  /** Of the slot when the ballot was prepared, 0 for an empty one: the ballot fits this state only. */
  readonly head: bigint;
  readonly values: readonly bigint[];
  readonly randomness: Randomness;
  /** The randomness as 31 bytes. */
  readonly randomnessBytes: Uint8Array;
  readonly fingerprint: Hex;
}

/** The ballot as it is stored: an age file that the passphrase opens. */
export function sealPrepared(ballot: Omit<PreparedBallot, 'randomness'>, passphrase: string): Promise<Uint8Array> {
  const { slot, head, values, randomnessBytes, fingerprint } = ballot;
  const place = { ...pollMembers(ballot), slot: wordHex(slot), head: wordHex(head) };
  const vote = { values: values.map(Number), randomness: encodeHex(randomnessBytes) };
  return sealWithPassphrase(canonicalBytes({ type: TYPE, ...place, ...vote, fingerprint }), passphrase);
}

const NAMES = ['chainId', 'election', 'fingerprint', 'head', 'poll', 'randomness', 'slot', 'type', 'values'] as const;

/** Inverse of {@link sealPrepared}. @throws `prepared/file`, `secret/age`, `file/*` */
export async function openPrepared(path: string, passphrase: string): Promise<PreparedBallot> {
  const plain = await openWithPassphrase(await readBytes(path, 2 ** 16), passphrase);
  const file = readMembers(parseCanonical(plain), NAMES, CODE);
  require(file.type === TYPE, CODE, `${path} is not a prepared ballot`);
  const { bytes, randomness } = randomnessOf(file.randomness, CODE);
  return {
    ...readPollPlace(file, CODE),
    slot: toField(decodeWord(file.slot)),
    head: decodeWord(file.head),
    values: readValues(file.values, CODE),
    randomness,
    randomnessBytes: bytes,
    fingerprint: wordHex(decodeWord(file.fingerprint)),
  };
}

/** @throws `prepared/election` unless the ballot is of this election */
export function requireOwnElection({ context }: PreparedBallot, { chainId, election }: ElectionContext): void {
  const same = context.chainId === chainId && context.election === election;
  require(same, 'prepared/election', 'the ballot was prepared for another chain or election');
}
