import { updateContext } from '../../../protocol/ballot/slot.ts';
import { oldOf, updateSignals } from '../../../protocol/ballot/statement.ts';
import { concatBytes, encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { G, multiplyPublic } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { makeTrapdoor } from '../trapdoor/trapdoor.ts';

/** What the proofs of a poll's updates are about. */
export interface PollSignals {
  readonly lanes: number;
  /** Public signals that all updates of the poll share. */
  readonly signals: readonly bigint[];
  readonly contextBase: bigint;
}

/** Calldata of `count` first casts by voters who are nobody, numbered from `from` on: their proofs are simulated and hold. */
export function firstCasts({ lanes, signals, contextBase }: PollSignals, from: number, count: number): Hex {
  const trapdoor = makeTrapdoor(14 + 12 * lanes, BigInt(lanes));
  const points = Array.from({ length: 16 }, (_, i) => multiplyPublic(G, BigInt(i + 1)));
  const update = (voter: number): Uint8Array => {
    const nullifier = (hashWords('bench', [BigInt(voter)]) >> 8n) as Field;
    const point = (i: number) => at(points, (voter + i) % points.length);
    const next = { R: point(0), C: Array.from({ length: lanes }, (_, i) => point(i + 1)) };
    const context = updateContext(contextBase, nullifier, 0n);
    const own = updateSignals({ nullifier, context, fresh: true, old: oldOf(undefined, lanes), next });
    const words = [nullifier, ...[next.R, ...next.C].flatMap(({ x, y }) => [x, y])];
    return concatBytes(...[...words, ...trapdoor.simulate([...signals, ...own])].map(encodeWord));
  };
  return encodeHex(concatBytes(...Array.from({ length: count }, (_, k) => update(from + k))));
}
