import { require } from '../../../protocol/errors.ts';
import type { ElectionView } from './view.ts';

/**
 * Ballots are signed by nobody: a node that lies could leave out all but a few and have those decrypted, or, with trustees who are in
 * it, have a count of the others certified. The officers' quorum has read the chain through nodes of its own, and check 19 compares what
 * it saw (SPEC §12.3).
 *
 * @throws `state/anchor` if no anchor covers all ballots of the record
 */
export function requireAnchored({ ballotsEnd, anchored }: ElectionView): void {
  const covered = anchored > 0 && anchored >= ballotsEnd;
  require(covered, 'state/anchor', 'no anchor of the officers covers all ballots of this record: "urna officer sign anchor" comes first');
}
