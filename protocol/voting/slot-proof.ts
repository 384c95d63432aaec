import { decodeSlotWord } from '../ballot/slot.ts';
import type { Definition } from '../definition/definition.ts';
import type { Hex } from '../encoding.ts';
import { UrnaError } from '../errors.ts';
import { sealedChain, verifyRun } from '../seals/headers.ts';
import { slotPlace, storageRoot, storedWord } from '../seals/state.ts';
import { trieNodes } from '../seals/trie.ts';

/** A block's state, as far as it is shown. Nothing of it is believed: whoever gives it can leave nodes out, and change none. */
export interface StateProof {
  /** RLP of headers from that block on; none where the definition names no validators. */
  readonly headers: readonly Uint8Array[];
  /** Number, Unix time and state root of the block as the node tells them: read only where there are no headers. */
  readonly told: { readonly number: number; readonly time: number; readonly stateRoot: Uint8Array };
  /** RLP of nodes of the state's and storages' tries. */
  readonly nodes: readonly Uint8Array[];
}

/** Which slots of which poll. */
export interface SlotPlaces {
  /** The `Ballots` contract, as officers have approved it. */
  readonly ballots: Hex;
  readonly poll: number;
  readonly nullifiers: readonly bigint[];
}

/** What slots hold in a state. */
export interface ProvedSlots {
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  /** Whether a majority of the definition's validators sealed the state; else the header is the node's word. */
  readonly isSealed: boolean;
  /** Heads by nullifier; 0 for an empty slot. */
  readonly heads: ReadonlyMap<bigint, bigint>;
}

/**
 * What slots hold according to a proof of the chain's state (SPEC §17.4): that a slot is empty is shown by the trie, not said.
 *
 * @throws `seals/…`, `signature/invalid` for headers that validators have not sealed, or a state without these places
 */
export function provedSlots(
  definition: Definition,
  { headers, told, nodes: given }: StateProof,
  { ballots, poll, nullifiers }: SlotPlaces,
): ProvedSlots {
  const chain = sealedChain(definition);
  const sealed = chain === undefined ? told : verifyRun(headers, chain);
  const nodes = trieNodes(given);
  const root = storageRoot(nodes, sealed.stateRoot, ballots);
  if (root === undefined) throw new UrnaError('seals/proof', 'there is no such election in the state of that block');
  const heads = nullifiers.map((nullifier) => {
    const word = decodeSlotWord(storedWord(nodes, root, slotPlace(poll, nullifier)));
    return [nullifier, word?.head ?? 0n] as const;
  });
  const { number: block, time } = sealed;
  return { block, time, isSealed: chain !== undefined, heads: new Map(heads) };
}
