import { concatBytes, encodeWord } from '../encoding.ts';

/** A value in Solidity's ABI: its words, and whether it is of a dynamic type (contract ABI specification, "formal specification of the encoding"). */
export interface AbiValue {
  readonly dynamic: boolean;
  readonly words: readonly bigint[];
}

/** A number, boolean, address or bytes32: one word. */
export function abiWord(value: bigint | number | boolean): AbiValue {
  return { dynamic: false, words: [BigInt(value)] };
}

/** A struct (or an argument list): heads, then the tails of its dynamic members. */
export function abiTuple(members: readonly AbiValue[]): AbiValue {
  const headWords = members.reduce((sum, { dynamic, words }) => sum + (dynamic ? 1 : words.length), 0);
  const heads: bigint[] = [];
  const tails: bigint[] = [];
  for (const { dynamic, words } of members) {
    if (dynamic) heads.push(BigInt((headWords + tails.length) * 32));
    (dynamic ? tails : heads).push(...words);
  }
  return { dynamic: members.some(({ dynamic }) => dynamic), words: [...heads, ...tails] };
}

/** A dynamic array: its length, then its items as a tuple. */
export function abiArray(items: readonly AbiValue[]): AbiValue {
  return { dynamic: true, words: [BigInt(items.length), ...abiTuple(items).words] };
}

/** `abi.encode(arguments…)`. */
export function encodeAbi(...args: readonly AbiValue[]): Uint8Array {
  return concatBytes(...abiTuple(args).words.map(encodeWord));
}
