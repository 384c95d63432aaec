import type { Definition } from '../definition/definition.ts';
import type { Hex } from '../encoding.ts';
import { at } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import { depthOf, verifyCliqueRun } from './clique.ts';
import { decodeQbftHeader, verifyQbftRun } from './qbft.ts';

/** A definition's chain whose validators it names (SPEC §3.1). */
export interface SealedChain {
  readonly profile: Definition['chain']['profile'];
  readonly validators: readonly Hex[];
}

/** The chain whose seals are to be looked at; undefined where the definition does not name its validators. */
export function sealedChain({ chain: { profile, validators } }: Definition): SealedChain | undefined {
  return validators === undefined ? undefined : { profile, validators };
}

/** A block whose state validators have sealed. */
export interface SealedBlock {
  readonly number: number;
  /** Unix seconds. */
  readonly time: number;
  readonly stateRoot: Uint8Array;
}

/** Blocks that have to stand on the one whose state counts, in the same run (SPEC §14.8). */
export function blocksOnTop({ profile, validators }: SealedChain): number {
  return profile === 'besu-qbft' ? 0 : depthOf(validators.length);
}

/** The first block of a run of headers that its chain's validators have sealed. @throws `seals/…`, `signature/invalid` */
export function verifyRun(run: readonly Uint8Array[], { profile, validators }: SealedChain): SealedBlock {
  return profile === 'besu-qbft' ? verifyQbftRun(run, validators) : at(verifyCliqueRun(run, validators), 0);
}

/** The hash by which a chain knows the block of this header. @throws `seals/rlp`, `seals/header` for what is none on QBFT */
export function blockHash(header: Uint8Array, { profile }: Pick<SealedChain, 'profile'>): Uint8Array {
  return profile === 'besu-qbft' ? decodeQbftHeader(header).hash : keccak256(header);
}
