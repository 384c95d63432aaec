import { bn254 } from '@noble/curves/bn254.js';
import type { PublicClient } from 'viem';
import { concat, numberToHex } from 'viem';
import type { Hex } from '../../../protocol/encoding.ts';

const PAIRING = '0x0000000000000000000000000000000000000008';
/** Pairs that a batch has beside one an entry (BatchProof.sol). */
const KEY_PAIRS = 3;

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });

/** Input of the pairing precompile: `count` different pairs of points. */
function pairs(count: number): Hex {
  const { G1, G2 } = bn254;
  let [one, two] = [G1.Point.BASE, G2.Point.BASE];
  const words: Hex[] = [];
  for (let i = 0; i < count; i++) {
    const [p, q] = [one.toAffine(), two.toAffine()];
    words.push(...[p.x, p.y, q.x.c1, q.x.c0, q.y.c1, q.y.c0].map(word));
    [one, two] = [one.double(), two.double()];
  }
  return concat(words);
}

/** Has a node do a batch's pairing and nothing else, `samples` times. @returns seconds of each */
export type Pairings = (samples: number) => Promise<readonly number[]>;

/** {@link Pairings} of batches of that size, asked of the node itself, which has done one before. */
export async function pairingsOn(node: PublicClient, batch: number): Promise<Pairings> {
  const data = pairs(batch + KEY_PAIRS);
  const once = async (): Promise<number> => {
    const begun = performance.now();
    await node.call({ to: PAIRING, data });
    return (performance.now() - begun) / 1000;
  };
  await once();
  return async (samples) => {
    const seconds: number[] = [];
    while (seconds.length < samples) seconds.push(await once());
    return seconds;
  };
}
