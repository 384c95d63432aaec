import type { Randomness } from '../ballot/randomness.ts';
import { fingerprint } from '../ballot/slot.ts';
import { prepareVote } from '../ballot/update.ts';
import type { PreparedUpdate } from '../ballot/update.ts';
import { wordHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { require } from '../errors.ts';
import type { Identity } from '../identity/semaphore.ts';
import type { Poseidon } from '../math/poseidon.ts';
import type { OwnSlot } from './own-slot.ts';

/** What is encrypted: a vote for a slot's present state under this randomness, which nothing else may use. Secret. */
export interface BallotRequest {
  readonly values: readonly bigint[];
  readonly slot: OwnSlot;
  readonly randomness: Randomness;
}

/** A vote, encrypted but not proved. Secret. */
export interface EncryptedBallot {
  readonly prepared: PreparedUpdate;
  readonly fingerprint: Hex;
}

/** Encrypts a vote. @throws `ballot/*` */
export function prepareBallot(
  poseidon: Poseidon,
  { secretScalar }: Pick<Identity, 'secretScalar'>,
  { values, slot, randomness }: BallotRequest,
): EncryptedBallot {
  const { poll, nullifier, state, path } = slot;
  const prepared = prepareVote(poseidon, {
    constants: poll.constants,
    contextBase: poll.base,
    secret: secretScalar,
    path: path(),
    values,
    state,
    randomness,
  });
  require(nullifier === prepared.update.nullifier, 'internal/slot', 'the ballot is for another slot');
  return { prepared, fingerprint: wordHex(fingerprint(poll.id, nullifier, prepared.update.next)) };
}
