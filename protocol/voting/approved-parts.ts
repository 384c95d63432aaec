import type { ElectionParts } from '../acts/objects.ts';
import { approveObject } from '../acts/objects.ts';
import { quorumFault } from '../acts/quorum.ts';
import { actDigest } from '../acts/typed-data.ts';
import { configHash } from '../config/config.ts';
import { toConfig } from '../config/to-config.ts';
import { definitionHash } from '../definition/decode.ts';
import { decodeHex } from '../encoding.ts';
import { UrnaError } from '../errors.ts';
import type { EntryData } from '../record/entry.ts';
import type { TrustedElection } from './foundation.ts';

/**
 * Refuses contracts that a quorum of the definition's officers has not approved (SPEC §12.1): a node may name others as the election's.
 *
 * @param act - of the `approve` entry; undefined if there is none
 * @throws `chain/not-approved`
 */
export function requireApproved(
  { definition, context }: TrustedElection,
  act: EntryData<'approve'>['act'] | undefined,
  parts: ElectionParts,
): void {
  const object = approveObject(BigInt(definitionHash(definition)), configHash(toConfig(definition)), parts);
  const domain = { chainId: BigInt(context.chainId), election: context.election };
  const fault =
    act === undefined
      ? 'there is no approval'
      : quorumFault(
          actDigest(domain, { name: 'approve', object, number: BigInt(act.number), expiry: BigInt(act.expiry) }),
          act.signatures.map((each) => decodeHex(each)),
          definition.officers,
        );
  if (fault !== undefined)
    throw new UrnaError('chain/not-approved', `the node names other contracts than the officers approved: ${fault}`);
}
