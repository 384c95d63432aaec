import { connect } from '../../../../contracts/client/connection.ts';
import { locateElection } from '../../../../contracts/client/election.ts';
import { readSlotProof } from '../../../../contracts/follower/slot-proof.ts';
import { chainProfile } from '../../../../contracts/network/profiles.ts';
import { UrnaError } from '../../../../protocol/errors.ts';
import type { Identity } from '../../../../protocol/identity/semaphore.ts';
import { shuffle } from '../../../../protocol/random.ts';
import type { Entry } from '../../../../protocol/record/entry.ts';
import { requireApproved } from '../../../../protocol/voting/approved-parts.ts';
import { decoys } from '../../../../protocol/voting/decoys.ts';
import { readApproval } from '../../../../protocol/voting/foundation.ts';
import type { OwnSlot } from '../../../../protocol/voting/own-slot.ts';
import type { Reader } from '../../../../protocol/voting/reader.ts';
import { provedSlots } from '../../../../protocol/voting/slot-proof.ts';
import { chainSteps } from '../../observe/chain-record.ts';
import { randomBytes } from '../random.ts';
import type { OwnSlotView, SlotsTask } from './slots-task.ts';

/** Numbers beside the own one that a node is asked about. */
const DECOYS = 7;
/** Tries where the chain was reorganised while it was read. */
const TRIES = 3;

/** A node of the chain that is asked about the own slots and the roll. */
export interface SlotNode {
  /** What `book` makes of the chain's entries. All of the chain is read: the node does not learn what is looked for. */
  readonly history: <T>(
    book: (entries: AsyncIterable<Entry>) => Promise<T>,
    progress: (done: number, all: number) => void,
  ) => Promise<T>;
  /** Whether the chain's state shows that a slot is empty. The node learns it among {@link DECOYS} others. */
  readonly proveEmpty: (slot: OwnSlot, identity: Identity) => Promise<Pick<OwnSlotView, 'finding' | 'emptyProof'>>;
}

/** @param read - asks the public service, for the officers' approval of the contracts @throws `chain/*`, `public/*` */
export async function openNode(rpc: string, election: SlotsTask['election'], read: Reader): Promise<SlotNode> {
  const { definition, context } = election;
  const connection = await connect(rpc, chainProfile(definition.chain.profile), definition.chain.id);
  const at = await locateElection(connection, context.election);
  requireApproved(election, await readApproval(read), at);
  return {
    history: async (book, progress) => {
      for (let tries = 1; ; tries++) {
        try {
          return await book(entriesOf(chainSteps(at, progress)));
        } catch (error) {
          if (tries === TRIES || !(error instanceof UrnaError) || error.code !== 'follow/moved') throw error;
        }
      }
    },
    proveEmpty: async ({ poll, nullifier }, { privateKey }) => {
      const { poll: index } = poll.id;
      const others = decoys('decoy-slot', { privateKey, context, index }, DECOYS);
      const nullifiers = shuffle([nullifier, ...others], randomBytes);
      const proof = await readSlotProof(at, definition, index, nullifiers);
      const { block, time, isSealed, heads } = provedSlots(definition, proof, {
        ...{ ballots: at.ballots, poll: index, nullifiers },
      });
      if (heads.get(nullifier) !== 0n) return { finding: 'hidden', emptyProof: undefined };
      return { finding: 'same', emptyProof: { block, time, isSealed } };
    },
  };
}

async function* entriesOf(steps: ReturnType<typeof chainSteps>): AsyncGenerator<Entry> {
  for await (const { entries } of steps) yield* entries;
}
