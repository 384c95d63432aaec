import { bn254 } from '@noble/curves/bn254.js';
import type { PublicClient } from 'viem';
import { concat, numberToHex } from 'viem';
import type { Hex } from '../../../protocol/encoding.ts';
import { median } from '../row.ts';

const PAIRING = '0x0000000000000000000000000000000000000008';
const SAMPLES = 9;
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

/** Updates a second that a node could check one after the other if there were nothing to do but a batch's pairing; asked of the node itself. */
export async function precompileBound(node: PublicClient, batch: number): Promise<number> {
  const data = pairs(batch + KEY_PAIRS);
  const seconds: number[] = [];
  for (let i = 0; i <= SAMPLES; i++) {
    const begun = performance.now();
    await node.call({ to: PAIRING, data });
    seconds.push((performance.now() - begun) / 1000);
  }
  // The first one warms up.
  return batch / median(seconds.slice(1));
}
