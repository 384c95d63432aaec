import type { OpenedBallot } from '../../../protocol/voting/opened-ballot.ts';
import type { TrustedElection } from '../../../protocol/voting/foundation.ts';
import type { ServerUrl } from '../../http/server-url.ts';

/** A challenged ballot to be opened, and where the keys are told. */
export interface CheckTask {
  readonly role: 'check';
  readonly service: ServerUrl;
  readonly election: TrustedElection;
  /** Text of the opening (SPEC §9.1). */
  readonly text: string;
}

/** What the ballot held. */
export interface CheckedBallot extends OpenedBallot {
  readonly values: readonly bigint[];
}
