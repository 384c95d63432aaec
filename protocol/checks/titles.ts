import { at } from '../errors.ts';

/** What a check is called and what it means, for people who observe an election (SPEC §15). */
export interface CheckTitle {
  readonly number: number;
  /** The check's name in SPEC §15. */
  readonly name: string;
  readonly title: string;
  /** What holds if the check passes, in plain language. */
  readonly meaning: string;
}

/** The twenty checks in plain language, in order. */
export const CHECK_TITLES: readonly CheckTitle[] = [
  [
    'definition',
    'The election is the one that was published',
    'The published definition and the contracts on chain agree on every date, office, rule and option.',
  ],
  [
    'code',
    'The contracts are the published programs',
    'Each contract was created from the published code, by its true address, and all of them belong together.',
  ],
  [
    'setup',
    'The proof system is the published one',
    'The keys that check ballots are those of the published circuits, made by enough contributors, without known flaws.',
  ],
  [
    'acts',
    'Every official act was signed by enough officers',
    'Each act was signed by a quorum of officers, in order and in time, for exactly what it did.',
  ],
  [
    'credentials',
    'The list of credentials is the sealed one',
    'The published credential lists are those sealed before registration; none is listed twice and there are not more than voters.',
  ],
  [
    'registrations',
    'Every registration was authorised by a voter’s credential',
    'Each registered commitment was signed with a different sealed credential.',
  ],
  [
    'roll',
    'The roll is exactly the registrations',
    'The roll on chain holds the registered commitments and no others, and it stood open to challenge for the promised time.',
  ],
  [
    'ceremony',
    'The election key was made by the trustees together',
    'Every message of the key ceremony is valid and signed, and the keys follow from them: nobody holds the whole key.',
  ],
  [
    'polls',
    'Each poll uses the right roll, rules and keys',
    'What ballots of each poll are checked against follows from the definition, the roll and the ceremony.',
  ],
  [
    'times',
    'Everything happened in its time',
    'Every event stands in its phase, extensions kept to their bounds, and the record is in the order of the chain.',
  ],
  [
    'proofs',
    'Every ballot was cast by a member of the roll and keeps the rules',
    'The proof of every update that took effect is valid: a member’s vote within the rules, or a change that leaves the vote as it was.',
  ],
  [
    'slots',
    'No ballot was lost, replaced or counted twice',
    'Each update continues the slot it belongs to, and exactly those that did not fit were left out.',
  ],
  [
    'rounds',
    'Ballots were updated in turn by who might do so',
    'No slot was updated twice in a round, and each update came from a sender who might post it then.',
  ],
  [
    'sums',
    'The encrypted sums are those of the ballots',
    'The encrypted sums on chain are the sums of the ballots in the slots.',
  ],
  [
    'units',
    'Districts were counted together as announced',
    'Small units were added to others, or withheld, exactly as the definition says.',
  ],
  [
    'decryptions',
    'The trustees decrypted the sums and nothing else',
    'Each partial decryption is proved to be that of the sum, with the trustee’s part of the key, and signed.',
  ],
  [
    'counts',
    'The counts are what the sums contain',
    'The counts are within their bounds and equal what the decrypted sums contain.',
  ],
  [
    'result',
    'The certified result is the counted one',
    'The officers certified exactly the result that follows from the counts.',
  ],
  [
    'anchors',
    'The record is the one that was anchored',
    'What the officers put on the chain as the record’s fingerprint is that of this record.',
  ],
  [
    'seals',
    'The chain’s validators sealed these ballots',
    'A majority of the validators that the definition names sealed a state with exactly this record’s acts and ballots; where it names none, nothing is said.',
  ],
].map(([name, title, meaning], i) => ({ number: i + 1, name: name ?? '', title: title ?? '', meaning: meaning ?? '' }));

/** Title of check `number`, 1..20. @throws `internal/index` */
export function checkTitle(number: number): CheckTitle {
  return at(CHECK_TITLES, number - 1);
}
