import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../../protocol/checks/run.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import { roundAt } from '../../../protocol/checks/replay/timeline.ts';
import { decodeUpdates } from '../../../protocol/checks/replay/update-words.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { hasKind } from '../../../protocol/record/entry.ts';
import { rootsHash } from '../../../protocol/roll/roots.ts';
import { copyOf, cutAfter, find, insertBefore, recordOf } from './world/forge.ts';
import { NO_ACT } from './world/ledger.ts';
import type { Parties } from './world/parties.ts';
import { START, TIMES } from './world/plan.ts';
import { boxFor, postBatch } from './world/voting.ts';
import type { Booth, WorldPoll } from './world/voting.ts';
import type { World } from './world/world.ts';
import { buildWorld } from './world/world.ts';

type Turns = Report['rounds'][number]['boxes'][number];

let world: World;

beforeAll(async () => {
  world = await buildWorld();
});
afterAll(terminate);

const turnsOf = async ({ entries, evidence }: Pick<World, 'entries' | 'evidence'>): Promise<Report> =>
  runChecks(entries, evidence, { only: [13] });

/** Four voters of the south; each round posts for as many of each box as `plan` says, the rest is left out or another's. */
function story(plan: (booth: Booth, poll: WorldPoll, parties: Parties) => Promise<void>) {
  return async (
    booth: Booth,
    polls: readonly WorldPoll[],
    parties: Parties,
  ): Promise<Map<number, readonly number[]>> => {
    booth.ledger.time = TIMES.opensAt;
    const voters = parties.voters.filter(({ district }) => district === 1);
    await postBatch(booth, at(polls, 0), at(booth.boxes, 0), 0, [
      ...voters.map((voter, i) => ({ voter, values: i === 0 ? [0, 1] : [1, 0] })),
    ]);
    await plan(booth, at(polls, 0), parties);
    return new Map([[0, [voters.length - 1, 1]]]);
  };
}

/** The box masks all slots of its turn but so many. */
async function mask(
  booth: Booth,
  poll: WorldPoll,
  parties: Parties,
  round: number,
  box: number,
  without = 0,
): Promise<void> {
  const address = at(booth.boxes, box);
  const own = parties.voters.filter((voter) => voter.district === 1 && boxFor(booth, poll, voter, round) === address);
  const posted = own.slice(without).map((voter) => ({ voter }));
  if (posted.length > 0) await postBatch(booth, poll, address, round, posted);
}

describe('turns of the boxes', () => {
  it('are told slot by slot, as whoever follows every slot counts them', async () => {
    const { rounds, replay } = await turnsOf(world);
    const hash = rootsHash(replay!.roll.sealed!.roots!);
    const boxes = world.parties.boxes.map(({ address }) => address);
    const history = new Map<string, { first: number; by: Map<number, string> }>();
    for (const entry of world.entries) {
      if (!hasKind(entry, 'updates')) continue;
      const { poll, firsts, laters, skipped, sender } = entry.data;
      const { round } = roundAt(replay!.timeline, entry.time)!;
      decodeUpdates(replay!.polls.get(poll)!.setting.lanes, firsts, laters).forEach(({ nullifier }, i) => {
        if ((decodeWord(skipped) >> BigInt(i)) & 1n) return;
        const slot = history.get(String(nullifier));
        if (slot === undefined) history.set(String(nullifier), { first: round, by: new Map() });
        else slot.by.set(round, sender);
      });
    }
    const expected = [0, 1, 2, 3].map((round) =>
      boxes.map((address, i): Turns => {
        const slots = [...history].filter(
          ([slot, { first }]) => first < round && boxOfSlot(hash, BigInt(slot), round, boxes.length) === i,
        );
        const senders = slots.map(([, { by }]) => by.get(round));
        const count = (which: (sender: string) => boolean): number =>
          senders.filter((sender) => sender !== undefined && which(sender)).length;
        const byBox = count((sender) => sender === address);
        const byOthers = count((sender) => !(boxes as readonly string[]).includes(sender));
        const byOtherBoxes = count(() => true) - byBox - byOthers;
        const missing = senders.filter((sender) => sender === undefined).length;
        return { box: `box-${i}`, due: slots.length, byBox, byOtherBoxes, byOthers, missing };
      }),
    );
    expect(rounds.map((each) => each.boxes)).toEqual(expected);
    // The world's own story, so that two wrong counts cannot agree on nothing.
    const sums = rounds.map((each) =>
      (['due', 'byBox', 'byOtherBoxes', 'byOthers', 'missing'] as const).map((name) =>
        each.boxes.reduce((sum, box) => sum + box[name], 0),
      ),
    );
    expect(sums).toEqual([
      [0, 0, 0, 0, 0],
      [11, 2, 1, 1, 7],
      [11, 1, 0, 0, 10],
      [12, 1, 0, 0, 11],
    ]);
    expect(rounds.map(({ round, startsAt, endsAt, over }) => [round, startsAt - START, endsAt - START, over])).toEqual([
      [0, 2000, 2500, true],
      [1, 2500, 3000, true],
      [2, 3000, 3200, true],
      [3, 3200, 3600, true],
    ]);
  });

  it('are kept where every box posts for every slot of its own, and check 13 says no more', async () => {
    const vote = story(async (booth, poll, parties) => {
      for (const [round, time] of [2500, TIMES.closesAt].entries()) {
        booth.ledger.time = time;
        for (const box of [0, 1]) await mask(booth, poll, parties, round + 1, box);
      }
    });
    const { checks, rounds } = await turnsOf(await buildWorld({ vote }));
    expect(rounds.map(({ boxes }) => boxes.reduce((sum, { byBox }) => sum + byBox, 0))).toEqual([0, 4, 4]);
    expect(rounds.flatMap(({ boxes }) => boxes).every(({ due, byBox }) => due === byBox)).toBe(true);
    expect(checks[0]).toMatchObject({ number: 13, ok: true });
    expect(checks[0]?.detail).not.toContain('pattern');
  });

  it('are left by a box that leaves slots out, and by one for which another steps in: neither is a failure, both are named', async () => {
    const vote = story(async (booth, poll, parties) => {
      const [lazy, busy] = [0, 1];
      booth.ledger.time = 2500;
      await mask(booth, poll, parties, 1, busy);
      await mask(booth, poll, parties, 1, lazy, 1);
      booth.ledger.time = TIMES.closesAt;
      await mask(booth, poll, parties, 2, lazy);
      booth.ledger.time = TIMES.closesAt + (3 * TIMES.graceSeconds) / 4;
      const away = parties.voters.filter(
        (voter) => voter.district === 1 && boxFor(booth, poll, voter, 2) === at(booth.boxes, busy),
      );
      await postBatch(booth, poll, at(booth.boxes, lazy), 2, [...away.map((voter) => ({ voter }))]);
    });
    const { checks, rounds } = await turnsOf(await buildWorld({ vote }));
    const [lazy, busy] = [rounds[1]!.boxes[0]!, rounds[2]!.boxes[1]!];
    expect(lazy).toMatchObject({ byBox: lazy.due - 1, byOtherBoxes: 0, byOthers: 0, missing: 1 });
    expect(busy).toMatchObject({ byBox: 0, byOtherBoxes: busy.due, byOthers: 0, missing: 0 });
    expect(Math.min(lazy.due, busy.due)).toBeGreaterThan(0);
    expect(rounds[1]!.boxes[1]).toMatchObject({ byBox: rounds[1]!.boxes[1]!.due });
    expect(checks[0]).toMatchObject({ number: 13, ok: true });
    expect(checks[0]?.detail).toContain(
      `box-0 left its pattern in round 1: of ${lazy.due} slots due to it, 1 were not updated.`,
    );
    expect(checks[0]?.detail).toContain(
      `box-1 left its pattern in round 2: of ${busy.due} slots due to it, ${busy.due} were`,
    );
  });

  it('are nothing to hold against a box while the round is not over, or after a cancellation', async () => {
    const early = copyOf(world);
    cutAfter(early, 'updates', 8);
    const { rounds, checks } = await turnsOf({ entries: recordOf(early), evidence: early.evidence });
    expect(rounds.map(({ over }) => over)).toEqual([true, false]);
    expect(rounds[1]!.boxes.reduce((sum, { missing }) => sum + missing, 0)).toBeGreaterThan(0);
    expect(checks[0]?.detail).not.toContain('pattern');
    const ended = copyOf(world);
    insertBefore(ended, find(ended, 'updates', 9), 'cancel', { act: NO_ACT, reasonHash: `0x${'00'.repeat(32)}` });
    const cancelled = await turnsOf({ entries: recordOf(ended), evidence: ended.evidence });
    expect(cancelled.rounds.map(({ over }) => over)).toEqual([true, false]);
  });

  it('take a number a round and box, whatever the number of slots', async () => {
    const { replay } = await turnsOf(world);
    expect(replay!.turns.entered.flat().length).toBeLessThanOrEqual(4 * world.parties.boxes.length);
    expect(replay!.turns.updated.flat().length).toBeLessThanOrEqual(4 * world.parties.boxes.length);
  });

  it('of a forged record with more rounds than a slot’s word counts break nothing: check 10 finds them, and slots stay as they are', async () => {
    const forged = copyOf(world);
    const [from, reasonHash] = [find(forged, 'updates'), `0x${'00'.repeat(32)}`];
    for (let i = 1; i <= 300; i++)
      insertBefore(forged, from, 'extend', { act: NO_ACT, closesAt: START + TIMES.closesAt + i, reasonHash });
    // All updates count for the last round.
    for (const entry of forged.entries.slice(forged.entries.indexOf(from))) entry.time = START + 10 * TIMES.closesAt;
    const all = await runChecks(recordOf(forged), forged.evidence, { only: [10, 11, 12, 13] });
    expect(all.checks.filter(({ ok }) => !ok).map(({ number }) => number)).toEqual([10, 13]);
    expect(all.checks[0]?.detail).toContain('there are more than 64 extensions');
  });
});
