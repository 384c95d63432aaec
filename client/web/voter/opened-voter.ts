import type { Hex } from '../../../protocol/encoding.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import type { VoterFile } from './voter-file.ts';

/** A voter whose vault is open. Secret: it lives in the page's memory only, and as long as the page. */
export interface OpenedVoter {
  readonly definitionHash: Hex;
  readonly identity: Identity;
  readonly file: VoterFile;
  /** Opens the vault's body; neither stored nor shown. */
  readonly key: string;
  /** Of the vault as it was read or written last. */
  readonly revision: number;
}
