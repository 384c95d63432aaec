import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { require } from '../../../protocol/errors.ts';
import type { EntryData } from '../../../protocol/record/entry.ts';

/**
 * True; what is wrong is thrown: a record must be of the election that the definition and the address in hand name.
 *
 * @throws `record/election`
 */
export function requireDefined(data: EntryData<'defined'>, context: ElectionContext): true {
  requireSameElection(data, context);
  return true;
}

/** Refuses a record whose head or `defined` names another election. @throws `record/election` */
export function requireSameElection(named: ElectionContext, context: ElectionContext): void {
  const same =
    named.chainId === context.chainId &&
    named.election === context.election &&
    named.definitionHash === context.definitionHash;
  require(same, 'record/election', 'the record is of another chain, contract or definition');
}
