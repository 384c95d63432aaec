import { bn254 } from '@noble/curves/bn254.js';
import type { PublicClient } from 'viem';
import { concat, numberToHex } from 'viem';
import type { Hex } from '../../../protocol/encoding.ts';
import { hashWords } from '../../../protocol/hash.ts';

/** Addresses of the precompiles, and the bytes that each takes. */
const [ADD, MULTIPLY, PAIRING] = [6, 7, 8];
const [SUMMANDS, FACTORS] = [128, 96];
/** Pairs that a batch has beside one an entry (BatchProof.sol). */
const KEY_PAIRS = 3;
/** Products beside two an entry: public signals of four lanes that are not the poll's constants, W·K and W·alpha (BatchProof.sol). */
const INPUTS = 7 + 4 * 4 + 2;
/** Where the code stands that calls them: for as long as a call lasts. */
const ACCOUNT = '0x00000000000000000000000000000000000ba7c4';

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });

/** Points of G1 and G2, all different. */
function points(count: number): { readonly one: Hex; readonly two: Hex }[] {
  const { G1, G2 } = bn254;
  let [one, two] = [G1.Point.BASE, G2.Point.BASE];
  return Array.from({ length: count }, () => {
    const [p, q] = [one.toAffine(), two.toAffine()];
    [one, two] = [one.double(), two.double()];
    return { one: concat([p.x, p.y].map(word)), two: concat([q.x.c1, q.x.c0, q.y.c1, q.y.c0].map(word)) };
  });
}

/** What a batch asks the precompiles for, one after the other: products, two an entry with weights of 128 bits, sums, and the pairing. */
function inputs(batch: number): { readonly products: Hex; readonly sums: Hex; readonly pairs: Hex } {
  const some = points(batch + KEY_PAIRS);
  const scalar = (i: number): bigint => hashWords('bench', [BigInt(i)]) >> (i < 2 * batch ? 128n : 3n);
  const at = (i: number): Hex => some[i % some.length]?.one ?? '0x';
  const products = Array.from({ length: 2 * batch + INPUTS }, (_, i) => concat([at(i), word(scalar(i))]));
  const sums = Array.from({ length: batch + INPUTS }, (_, i) => concat([at(i), at(i + 1)]));
  return {
    ...{ products: concat(products), sums: concat(sums) },
    pairs: concat(some.map(({ one, two }) => concat([one, two]))),
  };
}

const hex = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');
const lengthOf = (text: Hex): number => (text.length - 2) / 2;

/** Jumps over the place where a call that fails goes, which reverts. */
const HEAD = '600a56' + '00' + '5b60006000fd' + '5b';
const FAIL = 4;

/** Code, to stand at `at`, that calls a precompile with each `size` bytes of its calldata from `start` to `end`. */
function calls(at: number, [address, size, start, end]: readonly [number, number, number, number]): string {
  return [
    `63${hex(start, 4)}5b`, // from here; again:
    `63${hex(size, 4)}81600037`, // copy `size` bytes of calldata from there to 0
    `6040600063${hex(size, 4)}600060${hex(address, 1)}5afa`, // call it with them
    `1561${hex(FAIL, 2)}57`, // where it fails, fail
    `63${hex(size, 4)}01`, // `size` further
    `8063${hex(end, 4)}1161${hex(at + 5, 2)}57`, // again while the end is beyond
    '50',
  ].join('');
}

/** Has a node do what a batch asks of precompiles and nothing else, `samples` times: the pairing alone, or all of it. @returns seconds of each */
export type Precompiles = (what: 'pairing' | 'all', samples: number) => Promise<readonly number[]>;

/** {@link Precompiles} for batches of that size, asked of the node itself, which has done each once before. */
export async function precompilesOn(node: PublicClient, batch: number): Promise<Precompiles> {
  const { products, sums, pairs } = inputs(batch);
  const data = concat([products, sums, pairs]);
  const [one, two] = [lengthOf(products), lengthOf(products) + lengthOf(sums)];
  const pairing = [PAIRING, lengthOf(pairs), two, lengthOf(data)] as const;
  const codeOf = (parts: readonly (readonly [number, number, number, number])[]): Hex =>
    `0x${parts.reduce((code, part) => code + calls(code.length / 2, part), HEAD)}00`;
  const code = {
    pairing: codeOf([pairing]),
    all: codeOf([[MULTIPLY, FACTORS, 0, one], [ADD, SUMMANDS, one, two], pairing]),
  };
  const once = async (what: 'pairing' | 'all'): Promise<number> => {
    const begun = performance.now();
    await node.call({ to: ACCOUNT, data, stateOverride: [{ address: ACCOUNT, code: code[what] }] });
    return (performance.now() - begun) / 1000;
  };
  await once('pairing');
  await once('all');
  return async (what, samples) => {
    const seconds: number[] = [];
    while (seconds.length < samples) seconds.push(await once(what));
    return seconds;
  };
}
