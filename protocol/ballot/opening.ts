import { pollMembers, readPollPlace } from './poll-place.ts';
import type { PollPlace } from './poll-place.ts';
import type { Randomness } from './randomness.ts';
import { canonicalJson, parseCanonical } from '../canonical-json.ts';
import { decodeWord, encodeHex, wordHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { readMembers } from '../json-members.ts';
import { toField } from '../math/field.ts';
import type { Field } from '../math/field.ts';
import { randomnessOf, readValues } from './ballot-bytes.ts';

const TYPE = 'urna/v1/opening';
const CODE = 'opening/file';

/** What a challenged ballot reveals (SPEC §9.1): enough to make its ciphertext again. */
export interface Opening extends PollPlace {
  readonly slot: Field;
  /** One value an option and unused place of the circuit. */
  readonly values: readonly bigint[];
  readonly randomness: Randomness;
}

/** Canonical text of an opening. @param bytes - the randomness as 31 bytes */
export function encodeOpening({ slot, values, ...place }: Omit<Opening, 'randomness'>, bytes: Uint8Array): string {
  const words = { slot: wordHex(slot), values: values.map(Number), randomness: encodeHex(bytes) };
  return canonicalJson({ type: TYPE, ...pollMembers(place), ...words });
}

/** Strict inverse of {@link encodeOpening}. @throws `opening/file`, `encoding/hex`, `field/range`, `json/*` */
export function decodeOpening(text: string): Opening {
  const names = ['chainId', 'election', 'poll', 'randomness', 'slot', 'type', 'values'] as const;
  const file = readMembers(parseCanonical(text), names, CODE);
  require(file.type === TYPE, CODE, 'not the opening of a challenged ballot');
  return {
    ...readPollPlace(file, CODE),
    slot: toField(decodeWord(file.slot)),
    values: readValues(file.values, CODE),
    randomness: randomnessOf(file.randomness, CODE).randomness,
  };
}
