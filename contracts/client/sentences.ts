/** What a contract's custom error means to a person, by the error's name; others are told by their name and arguments. */
export const sentences: Readonly<Record<string, (...args: readonly string[]) => string>> = {
  ActExpired: (expiry, time) => `the signed act expired at ${expiry}, it is ${time}: have the officers sign it again`,
  AlreadyApproved: () => 'the election has already been approved',
  DecryptionsBegun: () => 'decryption has begun: the election can no longer be cancelled',
  NotAnOfficer: (signer) =>
    `a signature is of ${signer}, no officer of this election, or signs other content than what is posted`,
  NotInForce: () => 'the election is not approved, or it was cancelled',
  OutsideRounds: (time) => `no round is open at ${time}: voting has not begun or is over`,
  TooFewSignatures: (given, quorum) => `${given} officers signed, the quorum is ${quorum}`,
  TooLate: (time, limit) => `it is ${time}, this was possible before ${limit}`,
};
