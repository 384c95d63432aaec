import { UrnaError } from '../../protocol/errors.ts';

/** What differs between the chains an election can live on; nothing else chain-specific is known outside this folder. */
export interface ChainProfile {
  readonly name: string;
  /** Blocks on top of a block after which it is read and relied on. */
  readonly confirmations: number;
  /** `base-fee`: twice the newest block's base fee and no tip (validators are paid otherwise). */
  readonly feePolicy: 'base-fee' | 'free';
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
    feePolicy: 'base-fee',
    gasLimit: 16_700_000n,
    evmVersion: 'paris',
    canMoveTime: true,
    pollingInterval: 50,
    logRange: 10_000,
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
