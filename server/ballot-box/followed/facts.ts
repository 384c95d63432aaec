import type { Config } from '../../../protocol/config/config.ts';
import type { Entry, EntryData } from '../../../protocol/record/entry.ts';
import type { Hex } from '../../../protocol/encoding.ts';

/** A complete version of the roll: roots and numbers of members by district. */
interface CompleteRoll {
  readonly version: number;
  readonly roots: readonly Hex[];
  readonly members: readonly number[];
}

/** What a box needs to know of an election beside its slots: small, plain JSON, follows from the record alone. */
export interface Facts {
  /** Later closing times, in order (SPEC §9). */
  readonly extensions: readonly number[];
  readonly cancelled: boolean;
  /** Complete versions of the roll, as long as none is sealed. */
  readonly complete: readonly CompleteRoll[];
  readonly sealed: (CompleteRoll & { readonly rootsHash: Hex }) | null;
  /** The trustees' public keys, a lane; points. */
  readonly publicKeys: readonly Hex[] | null;
  /** By poll: whether its K_poll is there, and how many of its slots are not empty. */
  readonly polls: readonly { readonly ready: boolean; readonly nonEmpty: number }[];
}

/** The facts before the first entry. */
export function noFacts({ polls }: Pick<Config, 'polls'>): Facts {
  return {
    ...{ extensions: [], cancelled: false, complete: [], sealed: null, publicKeys: null },
    polls: polls.map(() => ({ ready: false, nonEmpty: 0 })),
  };
}

/** The facts after an entry. */
export function factsAfter(facts: Facts, entry: Entry): Facts {
  switch (entry.kind) {
    case 'extend':
      return { ...facts, extensions: [...facts.extensions, entry.data.closesAt] };
    case 'cancel':
      return { ...facts, cancelled: true };
    case 'roll-complete': {
      const { version, roots, members } = entry.data;
      return { ...facts, complete: [...facts.complete, { version, roots, members }] };
    }
    case 'seal':
      return seal(facts, entry.data);
    case 'ceremony-finish':
      return { ...facts, publicKeys: entry.data.pk };
    case 'poll-ready':
      return withPoll(facts, entry.data.poll, { ready: true });
    case 'updates':
      return withPoll(facts, entry.data.poll, { nonEmpty: entry.data.nonEmpty });
    default:
      return facts;
  }
}

function seal(facts: Facts, { version, sealedRootsHash }: EntryData<'seal'>): Facts {
  const named = facts.complete.find((each) => each.version === version);
  return named === undefined ? facts : { ...facts, complete: [], sealed: { ...named, rootsHash: sealedRootsHash } };
}

function withPoll(facts: Facts, poll: number, change: Partial<Facts['polls'][number]>): Facts {
  return { ...facts, polls: facts.polls.map((each, i) => (i === poll ? { ...each, ...change } : each)) };
}
