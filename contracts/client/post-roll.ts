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
 * and called again, it goes on, and so it does where another program of the same registrar posts the same members at the same time.
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
  if (await isComplete(at, version)) return;
  try {
    await completeVersion(at, sender, version);
  } catch (error) {
    if (!(await isComplete(at, version))) throw error;
  }
}

async function isComplete(at: ElectionAt, version: number): Promise<boolean> {
  const newest = await readNewestVersion(at);
  return newest?.version !== version || newest.completedAt !== 0;
}

async function appendDistrict(
  at: ElectionAt,
  sender: Sender,
  { version, district }: { readonly version: number; readonly district: number },
  commitments: WordList,
  told: RollProgress,
): Promise<void> {
  let start = await standing(at, version, district, commitments);
  while (start < commitments.length) {
    const end = Math.min(start + BATCH, commitments.length);
    const batch = Array.from({ length: end - start }, (_, i) => decodeNumber(commitments.at(start + i)));
    try {
      await appendMembers(at, sender, { version, district, commitments: batch });
      start = end;
    } catch (error) {
      // Refused because another program appended them first: then the chain is further than it was.
      const now = await standing(at, version, district, commitments);
      if (now <= start) throw error;
      start = now;
    }
    told(district, start, commitments.length);
  }
}

/** How many of these members are on chain. @throws `state/roll` if it holds others */
async function standing(at: ElectionAt, version: number, district: number, commitments: WordList): Promise<number> {
  const { members, last } = await readDistrictState(at, version, district);
  const holds = members <= commitments.length;
  const known = members === 0 || (holds && decodeNumber(commitments.at(members - 1)) === last);
  if (!known) throw new UrnaError('state/roll', `district ${district} on chain holds other members than the file`);
  return members;
}
