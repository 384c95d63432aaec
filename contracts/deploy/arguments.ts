import { abiArray, abiWord, encodeAbi } from '../../protocol/config/abi.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { decodeHex, decodeNumber, encodeHex } from '../../protocol/encoding.ts';

function addressValue(address: Hex): ReturnType<typeof abiWord> {
  return abiWord(decodeNumber(decodeHex(address, 20)));
}

/** Constructor arguments that are addresses only: `(election)` of ceremony and tally, `(election, poseidon)` of the roll. */
export function partArguments(...addresses: readonly Hex[]): Hex {
  return encodeHex(encodeAbi(...addresses.map(addressValue)));
}

/** Constructor arguments of `Ballots`: `(election, circuitKeys)`. */
export function ballotsArguments(election: Hex, circuitKeys: readonly Hex[]): Hex {
  return encodeHex(encodeAbi(addressValue(election), abiArray(circuitKeys.map(addressValue))));
}
