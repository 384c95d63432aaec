import { describe, expect, it } from '@jest/globals';
import { FiguresTaker } from '../../../client/web/observe/figures.ts';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import { noteTime, noteTurns, startTurns } from '../../../protocol/checks/replay/turns-replay.ts';
import type { TurnsReplay } from '../../../protocol/checks/replay/turns-replay.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { polls } from '../../../protocol/definition/polls.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { exampleDefinition } from '../../protocol/definition/example.ts';

const definition = decodeDefinition(canonicalBytes(exampleDefinition() as Json));
const config = toConfig(definition);
const lanes = config.contests[0]!.lanes;
const point = 2 * (lanes + 1);
/** Calldata of so many updates. */
const firsts = (count: number): string => `0x${'00'.repeat(32 * (1 + point + 8) * count)}`;
const laters = (count: number): string => `0x${'00'.repeat(32 * (2 + 2 * point + 8) * count)}`;

const updates = (time: number, round: number, first: number, later: number, skipped = 0n): Entry =>
  ({
    ...{ seq: 0, block: 1, time, kind: 'updates' },
    data: { poll: 0, firsts: firsts(first), laters: laters(later), skipped: wordHex(skipped), round },
  }) as unknown as Entry;

function figuresOf(
  entries: readonly Entry[],
  slots: Readonly<Record<number, number>> = {},
  turns: TurnsReplay = startTurns(config.boxes.length),
) {
  const taker = new FiguresTaker();
  for (const entry of entries) taker.take(entry, { config });
  const replayed = new Map(Object.entries(slots).map(([poll, size]) => [Number(poll), { slots: { size } }]));
  const members = definition.districts.map(() => ({ length: 10 }));
  const replay = { definition, polls: replayed, roll: { sealed: { members } }, turns, timeline: timeline(config, []) };
  return taker.figures(replay as unknown as Parameters<FiguresTaker['figures']>[0]);
}

describe('figures of a vote', () => {
  const start = 1_900_000_020;

  it('count the updates of each round, but for those that took no effect', () => {
    const { rounds } = figuresOf([
      updates(start, 0, 3, 0, 0b010n),
      updates(start + 5, 1, 1, 4, 0b01010n),
      updates(start + 9, 1, 0, 2),
    ]);
    expect(rounds.map(({ firsts: first, laters: later }) => [first, later]).slice(0, 2)).toEqual([
      [2, 0],
      [1, 4],
    ]);
    expect(rounds.slice(2).every(({ firsts: first, laters: later }) => first + later === 0)).toBe(true);
  });

  it('put them in spans as short as fit, with the empty ones between', () => {
    const near = figuresOf([updates(start, 0, 1, 0), updates(start + 61, 0, 2, 0), updates(start + 200, 0, 4, 1)]);
    expect(near.spans.map(({ from, to, firsts: first, laters: later }) => [to - from, first, later])).toEqual([
      ...[
        [60, 1, 0],
        [60, 2, 0],
        [60, 0, 0],
        [60, 4, 1],
      ],
    ]);
    expect(near.spans[0]?.from).toBe(start - (start % 60));
    const far = figuresOf([updates(start, 0, 1, 0), updates(start + 40 * 86_400, 0, 2, 0)]);
    expect(far.spans.length).toBeLessThanOrEqual(48);
    expect(far.spans.reduce((sum, span) => sum + span.firsts, 0)).toBe(3);
    expect(figuresOf([]).spans).toEqual([]);
  });

  it('say of each box how many of the slots due to it were updated, and by whom', () => {
    const turns = startTurns(config.boxes.length);
    const sent = (count: number, updatedIn?: number) =>
      Array.from({ length: count }, () => ({ skipped: false, firstBox: 0, updatedIn })) as never[];
    noteTurns(turns, sent(5), 0, config.boxes[0]!, config.boxes);
    const due = 1 % config.boxes.length;
    noteTurns(turns, sent(2, 0), 1, config.boxes[due]!, config.boxes);
    noteTurns(turns, sent(1, 0), 1, config.registrar, config.boxes);
    noteTime(turns, { kind: 'updates', time: Number(config.times.closesAt) });
    const round = figuresOf([], {}, turns).turns[1]!;
    const id = definition.boxes[due]!.id;
    expect(round.boxes.find(({ box }) => box === id)).toEqual({
      ...{ box: id, due: 5, byBox: 2, byOtherBoxes: 0, byOthers: 1, missing: 2 },
    });
    expect(round.over).toBe(Number(config.maskRounds) > 1);
  });

  it('say among how many ballots of a unit one is hidden', () => {
    const [first] = polls(definition);
    const all = figuresOf([], { [first!.index]: definition.minAnonymitySet - 1 }).units;
    expect(all[first!.unit]).toMatchObject({ ballots: definition.minAnonymitySet - 1, isSmall: true });
    expect(all.filter(({ isSmall }) => isSmall)).toHaveLength(1);
    expect(all.every(({ members }) => members >= 10)).toBe(true);
  });
});
