import type { ElectionContext } from '../../../../protocol/credentials/registration.ts';
import type { Definition } from '../../../../protocol/definition/definition.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import type { Identity } from '../../../../protocol/identity/semaphore.ts';
import type { SlotEvent } from '../../../../protocol/voting/slot-book.ts';
import type { ServerUrl } from '../../../http/server-url.ts';

/** Whose slots are looked at, and whom to ask. Secret. */
export interface SlotsTask {
  readonly role: 'slots';
  readonly service: ServerUrl;
  readonly election: { readonly definition: Definition; readonly context: ElectionContext };
  readonly identity: Identity;
  readonly district: number;
  /** Indices of the contests. */
  readonly contests: readonly number[];
  /** JSON-RPC address of a node of the chain; empty: only the public service is asked. */
  readonly rpc: string;
}

/** How what the service says a slot holds fits the slot's history: the same; older than it, or hidden; newer than what was read. */
export type Finding = 'same' | 'hidden' | 'newer';

/** In which state of the chain an empty slot was proved empty. */
export interface EmptyProof {
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  /** Whether the definition's validators sealed that state; else its header is the node's word. */
  readonly isSealed: boolean;
}

/** An own slot. A view for its owner, which proves nothing to others (DESIGN §2.11). */
export interface OwnSlotView {
  readonly contest: number;
  /** As the public service says; undefined where it says that the slot is empty. */
  readonly held: { readonly fingerprint: Hex; readonly round: number } | undefined;
  /** All its updates, oldest first, by the service's record or the node. */
  readonly updates: readonly SlotEvent[];
  readonly finding: Finding;
  /** Only where service and node both say that it is empty. */
  readonly emptyProof: EmptyProof | undefined;
}
