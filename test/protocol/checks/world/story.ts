import { wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { NO_ACT, post } from './ledger.ts';
import type { Parties, Voter } from './parties.ts';
import { START, TIMES } from './plan.ts';
import type { Booth, Cast, WorldPoll } from './voting.ts';
import { boxFor, postBatch } from './voting.ts';

/**
 * How the world votes: first casts, a repeated one that is left out, a changed vote, masks by the slots' boxes, by a box
 * in the last quarter and by a stranger, a stale one that is left out, an extension, and the grace.
 *
 * @returns the counts of the units that are to be decrypted, by unit
 */
export async function vote(
  booth: Booth,
  polls: readonly WorldPoll[],
  parties: Parties,
): Promise<Map<number, readonly number[]>> {
  const { ledger } = booth;
  const voter = (name: string): Voter => {
    const found = parties.voters.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no voter ${name}`);
    return found;
  };
  const cast = (name: string, ...values: readonly number[]): Cast => ({ voter: voter(name), values });
  const mask = (name: string): Cast => ({ voter: voter(name) });
  const batch = (poll: number, sender: Hex, round: number, ...casts: readonly Cast[]): Promise<void> =>
    postBatch(booth, at(polls, poll), sender, round, casts);
  const box = (poll: number, name: string, round: number): Hex => boxFor(booth, at(polls, poll), voter(name), round);
  const other = (address: Hex): Hex => booth.boxes.find((each) => each !== address) ?? address;
  const anyone = parties.stranger.address;

  // Round 0, 2000 to 2500: first casts. Ada leads in the south, Blaise in the north.
  ledger.time = TIMES.opensAt;
  await batch(0, at(booth.boxes, 0), 0, cast('1.0', 1, 0), cast('1.1', 1, 0), cast('1.2', 0, 1));
  await batch(1, at(booth.boxes, 1), 0, cast('0.0', 0, 1), cast('0.1', 0, 1));
  await batch(1, anyone, 0, cast('0.2', 0, 0), { ...cast('0.0', 1, 0), stale: true, skip: true });
  await batch(2, at(booth.boxes, 0), 0, cast('2.0', 1, 0));
  await batch(3, at(booth.boxes, 0), 0, cast('0.0', 1, 1, 0), cast('0.1', 0, 1, 0), cast('0.2', 0, 1, 1));
  await batch(4, at(booth.boxes, 0), 0, cast('2.0', 1, 0));
  // Round 1, 2500 to 3000: voter 0.0 changes the vote, the slot's box masks another, the other box is not admitted yet.
  ledger.time = 2500;
  await batch(1, box(1, '0.0', 1), 1, cast('0.0', 1, 0));
  await batch(1, box(1, '0.1', 1), 1, mask('0.1'), { ...cast('0.1', 1, 0), stale: true, skip: true });
  await batch(0, other(box(0, '1.0', 1)), 1, { ...mask('1.0'), skip: true });
  // The last quarter begins at 2875: any box, then anyone.
  ledger.time = 2875;
  await batch(0, other(box(0, '1.0', 1)), 1, mask('1.0'));
  await batch(0, anyone, 1, cast('1.1', 0, 1));
  // Round 2 is the extension's, 3000 to 3200.
  post(ledger, 'extend', { act: NO_ACT, closesAt: START + TIMES.extendedTo, reasonHash: wordHex(77n) });
  ledger.time = TIMES.closesAt;
  await batch(3, box(3, '0.1', 2), 2, mask('0.1'));
  await batch(1, anyone, 2, cast('0.3', 1, 0));
  // Round 3 is the grace, 3200 to 3600: boxes only.
  ledger.time = TIMES.extendedTo;
  await batch(1, box(1, '0.0', 3), 3, mask('0.0'));
  await batch(0, at(booth.boxes, 1), 3, cast('1.3', 1, 0));
  await batch(1, anyone, 3, { ...mask('0.1'), skip: true });
  // South: ada 1.0, 1.3; blaise 1.1, 1.2. North: ada 0.0, 0.3; blaise 0.1; blank 0.2. Isle: ada 2.0, merged.
  return new Map([
    [0, [5, 3]],
    [2, [1, 3, 1, 0, 0, 0, 0, 0]],
  ]);
}
