import type { Hex } from '../../../protocol/encoding.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { qbftExtraData } from './extra-data.ts';

/** Blocks between two lists of validators in headers: votes that have not come to a majority are dropped then (Besu's default). */
const EPOCH = 30_000;
/** How every QBFT block is marked: "ctical byzantine fault tolerance". */
const MIX_HASH = '0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365';
const ZERO = encodeHex(new Uint8Array(32));

/** What makes a QBFT chain. */
export interface QbftChain {
  readonly chainId: number;
  readonly validators: readonly Hex[];
  /** Seconds between two blocks. */
  readonly period: number;
  /** Gas of a block: what every validator must be able to work through in three quarters of the period. */
  readonly gasLimit: bigint;
}

/** The genesis file that Besu takes: rules up to Cancun, validators in block headers, no base fee, no money. @throws `network/signers` */
export function qbftGenesis({ chainId, validators, period, gasLimit }: QbftChain): object {
  const sorted = [...new Set(validators.map((each) => each.toLowerCase() as Hex))].sort();
  require(sorted.length === validators.length &&
    sorted.length > 0, 'network/signers', 'validators must be there, and different');
  const forks = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg', 'istanbul'];
  const blocks = [...forks, 'berlin', 'london'].map((fork) => [`${fork}Block`, 0] as const);
  return {
    config: {
      ...{ chainId, ...Object.fromEntries(blocks), shanghaiTime: 0, cancunTime: 0, zeroBaseFee: true },
      // Besu's documentation: begin with two periods, as the round's time doubles while no block comes.
      qbft: { epochlength: EPOCH, blockperiodseconds: period, requesttimeoutseconds: 2 * period },
    },
    ...{ nonce: '0x0', timestamp: '0x0', difficulty: '0x1', mixHash: MIX_HASH },
    gasLimit: `0x${gasLimit.toString(16)}`,
    // Members of London's and Cancun's headers; Besu takes a billion wei for a base fee that is not there.
    ...{ baseFeePerGas: '0x0', blobGasUsed: '0x0', excessBlobGas: '0x0', parentBeaconBlockRoot: ZERO },
    extraData: qbftExtraData(sorted),
    coinbase: `0x${'00'.repeat(20)}`,
    alloc: {},
  };
}
