import type { Hex } from '../../../protocol/encoding.ts';
import { concatBytes, decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';

/** Bytes before and after the signers in a genesis block's extra data (EIP-225). */
export const VANITY = 32;
export const SEAL = 65;
/** Wei: the least that the base fee falls to by itself. */
const BASE_FEE = 7n;
/** Blocks between two lists of signers (EIP-225's default). */
export const EPOCH = 30_000;
/** Money without worth: what even a base fee that rises for days cannot use up. */
const FUNDS = 2n ** 200n;

/** What makes a Clique chain. */
export interface CliqueChain {
  readonly chainId: number;
  /** Who may seal blocks. */
  readonly signers: readonly Hex[];
  /** Seconds between two blocks. */
  readonly period: number;
  /** Gas of a block; the base fee rises while blocks are more than half full, so it is twice of what should be used in the long run. */
  readonly gasLimit: bigint;
  /** Accounts with money from the first block on. */
  readonly funded: readonly Hex[];
}

/** Extra data of a Clique genesis block: the signers in increasing order (EIP-225). */
export function cliqueExtraData(signers: readonly Hex[]): Hex {
  const sorted = [...new Set(signers.map((address) => address.toLowerCase() as Hex))].sort();
  require(sorted.length === signers.length &&
    sorted.length > 0, 'network/signers', 'signers must be there, and different');
  return encodeHex(
    concatBytes(new Uint8Array(VANITY), ...sorted.map((each) => decodeHex(each, 20)), new Uint8Array(SEAL)),
  );
}

/** The genesis file that geth takes: London's rules, no merge. */
export function cliqueGenesis({ chainId, signers, period, gasLimit, funded }: CliqueChain): object {
  const forks = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg', 'istanbul'];
  const blocks = [...forks, 'berlin', 'london'].map((fork) => [`${fork}Block`, 0] as const);
  const hex = (value: bigint): Hex => `0x${value.toString(16)}`;
  return {
    config: { chainId, ...Object.fromEntries(blocks), clique: { period, epoch: EPOCH } },
    difficulty: '0x1',
    gasLimit: hex(gasLimit),
    baseFeePerGas: hex(BASE_FEE),
    extraData: cliqueExtraData(signers),
    alloc: Object.fromEntries(funded.map((address) => [address.slice(2).toLowerCase(), { balance: hex(FUNDS) }])),
  };
}
