import type { Config } from '../../config/config.ts';
import { at } from '../../errors.ts';

/** A round of voting time (SPEC §9); `startsAt` inclusive, `endsAt` exclusive, Unix seconds. */
export interface Round {
  readonly round: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** An election's times as they stand after some extensions. */
export interface Timeline {
  readonly opensAt: number;
  /** The definition's closing time. */
  readonly firstClosesAt: number;
  readonly closesAt: number;
  readonly graceEndsAt: number;
  /** From when aggregation and decryptions are accepted. */
  readonly settledAt: number;
  /** Every round, in order. */
  readonly rounds: readonly Round[];
}

/**
 * The timeline of a definition after `extensions`, the new closing times in order (SPEC §9).
 * Rounds of the original time keep their boundaries; each extension's time is one more; the grace is the last.
 */
export function timeline({ times, maskRounds }: Config, extensions: readonly number[]): Timeline {
  const [opensAt, firstClosesAt] = [Number(times.opensAt), Number(times.closesAt)];
  const closings = [firstClosesAt, ...extensions];
  const closesAt = at(closings, closings.length - 1);
  const graceEndsAt = closesAt + Number(times.graceSeconds);
  const part = (i: number): number => opensAt + Math.floor((i * (firstClosesAt - opensAt)) / Number(maskRounds));
  const boundaries = [...Array.from({ length: Number(maskRounds) }, (_, i) => part(i)), ...closings, graceEndsAt];
  const rounds = boundaries.slice(1).map((endsAt, round) => ({ round, startsAt: at(boundaries, round), endsAt }));
  const settledAt = graceEndsAt + Number(times.settleSeconds);
  return { opensAt, firstClosesAt, closesAt, graceEndsAt, settledAt, rounds };
}

/** The round at `time`, or undefined outside voting time and its grace. */
export function roundAt({ rounds }: Timeline, time: number): Round | undefined {
  return rounds.find(({ startsAt, endsAt }) => time >= startsAt && time < endsAt);
}

/** The round that an update at `time` counts for: outside voting time, which check 10 finds, the first or the last (SPEC §15.4). */
export function countedRound(times: Timeline, time: number): number {
  return roundAt(times, time)?.round ?? (time < times.opensAt ? 0 : times.rounds.length - 1);
}

/** True in the last quarter of a round, where every box may post (SPEC §9). */
export function inLastQuarter({ startsAt, endsAt }: Round, time: number): boolean {
  return (time - startsAt) * 4 >= (endsAt - startsAt) * 3;
}
