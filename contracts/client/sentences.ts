import { PHASES, STAGES } from './phases.ts';

type Sentence = (...args: readonly string[]) => string;

/** A block time, Unix seconds, as a person reads it. */
function clock(seconds: string | undefined): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? `second ${seconds ?? '?'}` : date.toISOString().replace('.000Z', ' UTC');
}

const before: Sentence = (time, limit) => `it is ${clock(time)}, this was possible until ${clock(limit)}`;
const after: Sentence = (time, limit) => `it is ${clock(time)}, this is possible from ${clock(limit)} on`;

/** What a contract's custom error means to a person, by the error's name; others are told by their name and arguments. */
export const sentences: Readonly<Record<string, Sentence>> = {
  AccusationOpen: (trustee) => `trustee ${trustee} has accused a dealer who has not answered yet, and cannot confirm`,
  ActExpired: (expiry, time) =>
    `the signed act expired at ${clock(expiry)}, it is ${clock(time)}: have the officers sign it again`,
  AlreadyApproved: () => 'the election has already been approved',
  AlreadyCounted: (unit) => `unit ${unit} has been counted already`,
  AlreadyPrepared: (poll) => `poll ${poll} has been prepared already`,
  AlreadySealed: () => 'a version of the roll has been sealed: it can no longer change',
  CountTooLarge: (option, count, limit) => `option ${option} cannot have ${count} votes: at most ${limit} are possible`,
  CredentialsAlreadySealed: () => 'the credential lists have been sealed already',
  CredentialsNotSealed: () => 'the credential lists have not been sealed',
  DeadlineAhead: (time, deadline) => `it is ${clock(time)}, the trustees have until ${clock(deadline)}`,
  DecryptionsBegun: () => 'decryption has begun: the election can no longer be cancelled',
  ExtensionTooLong: (closesAt, limit) => `voting may be extended to ${clock(limit)}, not to ${clock(closesAt)}`,
  ExtensionTooShort: (closesAt, limit) => `an extension must end after ${clock(limit)}, not at ${clock(closesAt)}`,
  ForeignPart: (part, election) => `contract ${part} belongs to ${election}, not to this election`,
  Late: before,
  NoSuchTime: (expiry) => `an act cannot expire at ${expiry}: times are Unix seconds`,
  NoSuchRecord: (entries) => `there is no record of ${entries} entries`,
  NoKeys: () => 'the trustees’ keys have not been made yet',
  NotAnOfficer: (signer) =>
    `a signature is of ${signer}, no officer of this election, or signs other content than what is posted`,
  NotCanonical: () => 'the call is encoded in another way than the one that all readers of the record read alike',
  NotActive: (trustee) => `trustee ${trustee} takes no part in this attempt of the key ceremony`,
  NotCounted: () => 'the election has not been counted',
  NotInForce: () => 'the election is not approved, or it was cancelled',
  NotPrepared: (poll) => `poll ${poll} has not been prepared`,
  NotReady: () => 'the roll is not sealed, or the trustees’ keys have not been made',
  NotSealed: () => 'no version of the roll has been sealed',
  NotSettled: after,
  NotTheRegistrar: (sender) => `only the election’s registrar may do this, not ${sender}`,
  NotTheTrustee: (trustee, signer) =>
    `the step is not signed by trustee ${trustee} but by ${signer}, or the signature is of other content`,
  OutOfOrder: (index) => `member ${index} of the batch is not greater than the one before it`,
  OutsideRounds: (time) => `no round is open at ${clock(time)}: voting has not begun or is over`,
  ProofsInvalid: () => 'at least one proof of the batch does not hold: nothing was changed',
  RollFull: (district, members, limit) =>
    `district ${district} would have ${members} members, ${limit} credentials were sealed`,
  SignersOutOfOrder: (previous, signer) =>
    `the signatures must be ordered by signer, each once: ${signer} comes after ${previous}`,
  TooEarly: after,
  TooFewDecryptions: (given, threshold) => `${given} trustees have decrypted, ${threshold} are needed`,
  TooFewSignatures: (given, quorum) => `${given} officers signed, the quorum is ${quorum}`,
  TooLate: before,
  Unfinished: () => 'not every trustee has confirmed',
  WrongCounts: (lane) => `the counts of lane ${lane} are not what its ciphertext holds`,
  WrongPhase: (phase) => `not in phase ${PHASES[Number(phase)] ?? phase}`,
  WrongStage: (stage) => `not in stage ${STAGES[Number(stage)] ?? stage} of the key ceremony`,
  WrongVersion: (given, current) => `the roll stands at version ${current}, not ${given}`,
};
