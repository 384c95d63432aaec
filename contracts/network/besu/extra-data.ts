import { toRlp } from 'viem';
import type { Hex } from '../../../protocol/encoding.ts';
import { encodeHex } from '../../../protocol/encoding.ts';

const VANITY = encodeHex(new Uint8Array(32));
/** RLP of the number 0 is that of no bytes. */
const ROUND_0: Hex = '0x';

/**
 * Extra data of a QBFT genesis block whose validators are in block headers, in the order given: RLP of vanity, validators, no vote, round 0, no seals
 * (Besu's documentation, "Configure QBFT consensus", Extra data; what `besu rlp encode --type=QBFT_EXTRA_DATA` writes).
 */
export function qbftExtraData(validators: readonly Hex[]): Hex {
  return toRlp([VANITY, [...validators], [], ROUND_0, []]);
}
