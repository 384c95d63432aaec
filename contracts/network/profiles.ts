import { UrnaError } from '../../protocol/errors.ts';

/** The rules that contracts are compiled for, so that one build runs on every chain: London's, which have no PUSH0. */
export const EVM_VERSION = 'paris';

/** A chain that is made here gets this, where its maker says nothing else. */
export interface NewChain {
  readonly chainId: number;
  /** Seconds between two blocks; 0: a block as soon as there is a transaction. */
  readonly period: number;
  /** Gas of a block. */
  readonly gasLimit: bigint;
}

/** What differs between the chains an election can live on; nothing else chain-specific is known outside this folder. */
export interface ChainProfile {
  readonly name: string;
  readonly newChain: NewChain;
  /** Blocks on top of a block after which it is read and relied on; where `confirmedBySigners`, the least of them. */
  readonly confirmations: number;
  /** Whether more are needed where the chain has more signers (Clique): `connect` asks for their number. */
  readonly confirmedBySigners: boolean;
  /** `base-fee`: twice the newest block's base fee, and `tip` (validators are paid otherwise). */
  readonly feePolicy: 'base-fee' | 'free';
  /** Wei of each gas on top of the base fee. */
  readonly tip: bigint;
  /** Largest gas of one transaction; batches are sized to it. */
  readonly gasLimit: bigint;
  readonly evmVersion: typeof EVM_VERSION;
  /** Most bytes of a contract's creation code with its arguments (EIP-3860, since Shanghai); undefined where nothing but the gas limits it. */
  readonly creationLimit: number | undefined;
  /** Whether block time may be moved by hand: the embedded chain only. */
  readonly canMoveTime: boolean;
  /** Milliseconds between two looks at the head. */
  readonly pollingInterval: number;
  /** Blocks asked for at once by `eth_getLogs`; halved by itself where a node refuses. */
  readonly logRange: number;
}

const profiles: readonly ChainProfile[] = [
  {
    name: 'embedded',
    newChain: { chainId: 31_337, period: 0, gasLimit: 30_000_000n },
    // One process makes every block, at once: nothing can overtake a block.
    confirmations: 0,
    confirmedBySigners: false,
    feePolicy: 'base-fee',
    tip: 0n,
    gasLimit: 16_700_000n,
    evmVersion: EVM_VERSION,
    creationLimit: undefined,
    canMoveTime: true,
    pollingInterval: 50,
    logRange: 10_000,
  },
  {
    name: 'clique',
    // Twice of what blocks use in the long run: above half of it the base fee rises.
    newChain: { chainId: 7_325, period: 1, gasLimit: 80_000_000n },
    // Up to five signers, of whom each seals one block in ⌊N/2⌋ + 1: a minority that was cut off makes two blocks at most, and a block with three on
    // top of it was built on by a majority. Clique has no finality beyond that: the signers' good behaviour is what is left (SPEC §14). With more
    // signers it is ⌊N/2⌋ + 1 (protocol/seals/clique.ts).
    confirmations: 3,
    confirmedBySigners: true,
    feePolicy: 'base-fee',
    // geth's pool takes no transaction without a tip.
    tip: 1n,
    gasLimit: 16_700_000n,
    evmVersion: EVM_VERSION,
    creationLimit: undefined,
    canMoveTime: false,
    pollingInterval: 500,
    logRange: 5_000,
  },
  {
    name: 'besu-qbft',
    // Validators stand in different places: a round's messages cross a country.
    newChain: { chainId: 7_325, period: 2, gasLimit: 80_000_000n },
    // QBFT is final: two thirds of the validators have sealed every block there is.
    confirmations: 0,
    confirmedBySigners: false,
    feePolicy: 'free',
    tip: 0n,
    gasLimit: 16_700_000n,
    evmVersion: EVM_VERSION,
    creationLimit: 49_152,
    canMoveTime: false,
    pollingInterval: 500,
    logRange: 5_000,
  },
];

/** The profile of this name (definition's `chain.profile`). @throws `chain/profile` */
export function chainProfile(name: string): ChainProfile {
  const found = profiles.find((profile) => profile.name === name);
  if (found === undefined) {
    const known = profiles.map((profile) => profile.name).join(', ');
    throw new UrnaError('chain/profile', `there is no chain profile of that name; known: ${known}`);
  }
  return found;
}
