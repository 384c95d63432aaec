import { UrnaError } from '../../protocol/errors.ts';

/** What differs between the chains an election can live on; nothing else chain-specific is known outside this folder. */
export interface ChainProfile {
  readonly name: string;
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
  readonly evmVersion: 'paris';
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
    // One process makes every block, at once: nothing can overtake a block.
    confirmations: 0,
    confirmedBySigners: false,
    feePolicy: 'base-fee',
    tip: 0n,
    gasLimit: 16_700_000n,
    evmVersion: 'paris',
    canMoveTime: true,
    pollingInterval: 50,
    logRange: 10_000,
  },
  {
    name: 'clique',
    // Up to five signers, of whom each seals one block in ⌊N/2⌋ + 1: a minority that was cut off makes two blocks at most, and a block with three on
    // top of it was built on by a majority. Clique has no finality beyond that: the signers' good behaviour is what is left (SPEC §14). With more
    // signers it is ⌊N/2⌋ + 1 (protocol/seals/clique.ts).
    confirmations: 3,
    confirmedBySigners: true,
    feePolicy: 'base-fee',
    // geth's pool takes no transaction without a tip.
    tip: 1n,
    gasLimit: 16_700_000n,
    evmVersion: 'paris',
    canMoveTime: false,
    pollingInterval: 500,
    logRange: 5_000,
  },
  {
    name: 'besu-qbft',
    // QBFT is final: two thirds of the validators have sealed every block there is.
    confirmations: 0,
    confirmedBySigners: false,
    feePolicy: 'free',
    tip: 0n,
    gasLimit: 16_700_000n,
    evmVersion: 'paris',
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
