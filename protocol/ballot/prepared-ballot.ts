import { canonicalBytes, parseCanonical } from '../canonical-json.ts';
import type { ElectionContext } from '../credentials/registration.ts';
import { decodeWord, encodeHex, wordHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { require } from '../errors.ts';
import { readMembers } from '../json-members.ts';
import { toField } from '../math/field.ts';
import type { Field } from '../math/field.ts';
import { randomnessOf, readValues } from './ballot-bytes.ts';
import { pollMembers, readPollPlace } from './poll-place.ts';
import type { PollPlace } from './poll-place.ts';
import type { Randomness } from './randomness.ts';

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

/** The ballot as canonical JSON, in clear: whoever stores it seals it. */
export function encodePrepared(ballot: Omit<PreparedBallot, 'randomness'>): Uint8Array {
  const { slot, head, values, randomnessBytes, fingerprint } = ballot;
  const place = { ...pollMembers(ballot), slot: wordHex(slot), head: wordHex(head) };
  const vote = { values: values.map(Number), randomness: encodeHex(randomnessBytes) };
  return canonicalBytes({ type: TYPE, ...place, ...vote, fingerprint });
}

const NAMES = ['chainId', 'election', 'fingerprint', 'head', 'poll', 'randomness', 'slot', 'type', 'values'] as const;

/** Strict inverse of {@link encodePrepared}. @throws `prepared/file`, `encoding/hex`, `field/range`, `json/*` */
export function decodePrepared(plain: Uint8Array): PreparedBallot {
  const file = readMembers(parseCanonical(plain), NAMES, CODE);
  require(file.type === TYPE, CODE, `not a prepared ballot of type ${TYPE}`);
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
export function requireOwnElection({ context }: PollPlace, { chainId, election }: ElectionContext): void {
  const same = context.chainId === chainId && context.election === election;
  require(same, 'prepared/election', 'the ballot was prepared for another chain or election');
}
