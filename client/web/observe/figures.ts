import type { Replay } from '../../../protocol/checks/replay/replay.ts';
import type { RoundTurns } from '../../../protocol/checks/replay/turns-replay.ts';
import { roundTurns } from '../../../protocol/checks/replay/turns-replay.ts';
import { countUpdates } from '../../../protocol/checks/replay/update-words.ts';
import { polls, units } from '../../../protocol/definition/polls.ts';
import type { Title } from '../../../protocol/definition/definition.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { hasKind } from '../../../protocol/record/entry.ts';

/** Updates that took effect: ballots in slots that were empty, and later ones, changed votes and masks, which nobody can tell apart. */
export interface Updates {
  readonly firsts: number;
  readonly laters: number;
}

/** Updates between two Unix times, `to` excluded. */
export interface Span extends Updates {
  readonly from: number;
  readonly to: number;
}

/** A round, from 0, and its updates. */
export interface RoundFigures extends Span {
  readonly round: number;
}

/** A tally unit before any merging: among how many ballots one is hidden. */
export interface UnitFigures {
  readonly contest: Title;
  readonly unit: string;
  readonly ballots: number;
  /** Members of the sealed rolls of its districts; 0 before. */
  readonly members: number;
  /** Whether it has fewer ballots than the definition lets be counted by themselves. */
  readonly isSmall: boolean;
}

/** What an election's record shows of how it went, beside what the checks say of it. */
export interface Figures {
  readonly spans: readonly Span[];
  readonly rounds: readonly RoundFigures[];
  /** How boxes kept to their turns (SPEC §15.6). */
  readonly turns: readonly RoundTurns[];
  readonly units: readonly UnitFigures[];
}

const MINUTE = 60;
/** Seconds of a span: the shortest that gives no more than {@link MOST_SPANS}. */
const WIDTHS = [MINUTE, 600, 3_600, 6 * 3_600, 86_400, 7 * 86_400];
const MOST_SPANS = 48;

/** Counts updates while a record is verified; memory for a number a minute. */
export class FiguresTaker {
  readonly #byMinute = new Map<number, Updates>();
  readonly #byRound = new Map<number, Updates>();

  /** Takes an entry that the replay has taken. */
  take(entry: Entry, { config }: Pick<Replay, 'config'>): void {
    if (!hasKind(entry, 'updates')) return;
    const { poll, firsts, laters, skipped, round } = entry.data;
    const contest = config.contests[config.polls[poll]?.contest ?? -1];
    if (contest === undefined) return;
    const all = countUpdates(contest.lanes, firsts, laters);
    const without = skippedOf(decodeWord(skipped), all);
    add(this.#byMinute, Math.floor(entry.time / MINUTE), without);
    add(this.#byRound, round, without);
  }

  /** @param replay - at the end of the record */
  figures(replay: Pick<Replay, 'definition' | 'polls' | 'roll' | 'timeline' | 'turns'>): Figures {
    const rounds = replay.timeline.rounds.map(({ round, startsAt, endsAt }) => ({
      ...{ round, from: startsAt, to: endsAt, firsts: 0, laters: 0 },
      ...this.#byRound.get(round),
    }));
    const ids = replay.definition.boxes.map(({ id }) => id);
    const turns = roundTurns(replay.turns, replay.timeline, ids);
    return { spans: spansOf(this.#byMinute), rounds, turns, units: unitsOf(replay) };
  }
}

function skippedOf(bits: bigint, { firsts, laters }: Updates): Updates {
  const taken = (from: number, count: number): number =>
    Array.from({ length: count }, (_, i) => Number(1n - ((bits >> BigInt(from + i)) & 1n))).reduce((a, b) => a + b, 0);
  return { firsts: taken(0, firsts), laters: taken(firsts, laters) };
}

function add(to: Map<number, Updates>, key: number, { firsts, laters }: Updates): void {
  const known = to.get(key) ?? { firsts: 0, laters: 0 };
  to.set(key, { firsts: known.firsts + firsts, laters: known.laters + laters });
}

/** Spans of equal width from the first update to the last, those without any in between included. */
function spansOf(byMinute: ReadonlyMap<number, Updates>): Span[] {
  if (byMinute.size === 0) return [];
  const minutes = [...byMinute.keys()];
  const [first, last] = minutes.reduce(
    ([a, b], minute) => [Math.min(a, minute), Math.max(b, minute)],
    [Infinity, -Infinity],
  );
  const begin = (width: number): number => Math.floor((first * MINUTE) / width);
  const count = (width: number): number => Math.floor((last * MINUTE) / width) - begin(width) + 1;
  const width = WIDTHS.find((each) => count(each) <= MOST_SPANS) ?? at(WIDTHS, WIDTHS.length - 1);
  const sums = new Map<number, Updates>();
  for (const [minute, updates] of byMinute) add(sums, Math.floor((minute * MINUTE) / width), updates);
  return Array.from({ length: count(width) }, (_, i) => {
    const number = begin(width) + i;
    return { from: number * width, to: (number + 1) * width, firsts: 0, laters: 0, ...sums.get(number) };
  });
}

function unitsOf({ definition, polls: replayed, roll }: Pick<Replay, 'definition' | 'polls' | 'roll'>): UnitFigures[] {
  const all = polls(definition);
  return units(definition).map(({ index, contest, id }) => {
    const own = all.filter(({ unit }) => unit === index);
    const ballots = own.reduce((sum, poll) => sum + (replayed.get(poll.index)?.slots.size ?? 0), 0);
    const members = own.reduce((sum, { district }) => sum + (roll.sealed?.members[district]?.length ?? 0), 0);
    const isSmall = ballots > 0 && ballots < definition.minAnonymitySet;
    return { contest: at(definition.contests, contest).title, unit: id, ballots, members, isSmall };
  });
}
