import type { OwnFault } from '../../../../protocol/credentials/own-entry.ts';
import type { Definition } from '../../../../protocol/definition/definition.ts';
import type { ElectionContext } from '../../../../protocol/credentials/registration.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import type { ReasonCode } from '../../../../protocol/roll/reasons.ts';
import type { ServerUrl } from '../../../http/server-url.ts';

/** Whose entry is looked for, and whom to ask. Secret. */
export interface RollTask {
  readonly role: 'roll';
  readonly service: ServerUrl;
  readonly election: { readonly definition: Definition; readonly context: ElectionContext };
  readonly district: number;
  readonly commitment: Field;
  /** Seed of the credential; undefined where this device does not know the letter. */
  readonly credential: Uint8Array | undefined;
  /** Sequence of the registration that the registrar has signed for; undefined where this device has no receipt. */
  readonly sequence: number | undefined;
  /** JSON-RPC address of a node of the chain; empty: only the public service is asked. */
  readonly rpc: string;
}

/** Where an identity stands in the roll that is open to challenge, or sealed. */
export interface OwnEntryView {
  readonly version: number;
  readonly isSealed: boolean;
  /** Whether anything is known of a registration: by this device, or by what was published. */
  readonly isRegistered: boolean;
  readonly faults: readonly OwnFault[];
  /** What the holder of the letter can challenge. */
  readonly claim: ReasonCode | undefined;
}
