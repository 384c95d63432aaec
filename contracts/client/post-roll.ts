import { decodeNumber } from '../../protocol/encoding.ts';
import { UrnaError } from '../../protocol/errors.ts';
import type { WordList } from '../../protocol/word-list.ts';
import type { ElectionAt } from './election.ts';
import { appendMembers, completeVersion, readDistrictState, readNewestVersion } from './roll.ts';
import type { Sender } from './transact.ts';

/** Members in one transaction: far below the gas that any profile allows. */
const BATCH = 200;

/** Told after each transaction: how many members of a district are on chain. */
export type RollProgress = (district: number, done: number, of: number) => void;

/**
 * Puts the members of a version that was begun on chain, in batches, and completes it. The chain says where it stands: interrupted anywhere
 * and called again, it goes on.
 *
 * @param members - commitments of every district, ascending
 * @throws `state/roll` if the chain holds other members, `chain/*`
 */
export async function postMembers(
  at: ElectionAt,
  sender: Sender,
  version: number,
  members: readonly WordList[],
  told: RollProgress = () => undefined,
): Promise<void> {
  for (const [district, commitments] of members.entries()) {
    await appendDistrict(at, sender, { version, district }, commitments, told);
  }
  const newest = await readNewestVersion(at);
  if (newest?.version === version && newest.completedAt === 0) await completeVersion(at, sender, version);
}

async function appendDistrict(
  at: ElectionAt,
  sender: Sender,
  { version, district }: { readonly version: number; readonly district: number },
  commitments: WordList,
  told: RollProgress,
): Promise<void> {
  const { members, last } = await readDistrictState(at, version, district);
  const holds = members <= commitments.length;
  const known = members === 0 || (holds && decodeNumber(commitments.at(members - 1)) === last);
  if (!known) throw new UrnaError('state/roll', `district ${district} on chain holds other members than the file`);
  for (let start = members; start < commitments.length; start += BATCH) {
    const end = Math.min(start + BATCH, commitments.length);
    const batch = Array.from({ length: end - start }, (_, i) => decodeNumber(commitments.at(start + i)));
    await appendMembers(at, sender, { version, district, commitments: batch });
    told(district, end, commitments.length);
  }
}
