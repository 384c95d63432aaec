import { rename } from 'node:fs/promises';
import { postMembers } from '../../../contracts/client/post-roll.ts';
import { beginVersion, isRollSealed, readNewestVersion } from '../../../contracts/client/roll.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { clearLeftovers } from '../../frame/leftovers.ts';
import { isRedisLost } from '../../frame/redis.ts';
import { rest } from '../../frame/rest.ts';
import { openTilePool } from '../../frame/tile-pool.ts';
import type { Eligibility } from '../eligibility.ts';
import { areSealed } from '../sealed-keys.ts';
import { KEYS } from '../store/keys.ts';
import { withLease } from '../store/lease.ts';
import { closeRegister, finalEvents } from '../store/register.ts';
import { EntryTable } from './entry-table.ts';
import { publishVersion, readMembersOf, readPublished, registrationsFile, stageRegistrations } from './published.ts';
import type { PublishedVersion } from './published.ts';

/** Milliseconds between two looks at the chain. */
const PAUSE = 2_000;

/**
 * Closes the register when registration is over, publishes the first version and puts it on chain, until `signal` is aborted. Each step asks the
 * chain and the folder what is done already, so that it may end anywhere and begin again.
 *
 * @param note - told, in a code, what went wrong
 */
export async function closeRolls(
  eligibility: Eligibility,
  signal: AbortSignal,
  note: (code: string) => void,
): Promise<void> {
  // Of processes that were killed while they published: an operator's as well.
  await clearLeftovers(eligibility.publishFolder).catch((error: unknown) => note(codeOf(error)));
  while (!signal.aborted) {
    try {
      await closeRoll(eligibility);
    } catch (error) {
      note(codeOf(error));
    }
    await rest(PAUSE, signal);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof UrnaError) return error.code;
  // A file's errors name a path, a connection's do not.
  const { path } = error as NodeJS.ErrnoException;
  if (path !== undefined) return 'file/unwritable';
  return isRedisLost(error) ? 'busy/store' : 'internal/roll';
}

/** One look at the chain, and what follows from it. @throws `chain/*`, `state/roll`, `file/*`, what Redis or the file system say */
export async function closeRoll(eligibility: Eligibility): Promise<void> {
  const { election, register, chain } = eligibility;
  if ((await chain.status()).phase !== 'challenge' || !(await areSealed(election.at, register.sealed))) return;
  await closeRegister(register);
  await publishFirst(eligibility);
  if (await isRollSealed(election.at)) return;
  const newest = await readNewestVersion(election.at);
  if (newest !== undefined && newest.completedAt !== 0) return;
  await withLease(register.bytes, KEYS.posting, () => postVersion(eligibility));
}

/** The first version's files, made from the closed register: every instance makes the same ones. */
export async function publishFirst({ register, publishFolder, election }: Eligibility): Promise<PublishedVersion> {
  const before = await readPublished(publishFolder, 1);
  if (before !== undefined) return before;
  await clearLeftovers(publishFolder);
  const table = new EntryTable();
  for await (const event of finalEvents(register)) table.add(event);
  const staged = await stageRegistrations(publishFolder, 1, table.sorted());
  await rename(staged, registrationsFile(publishFolder, 1));
  const pool = openTilePool();
  try {
    return await publishVersion(pool, publishFolder, 1, election.definition.districts.length);
  } finally {
    await pool.close();
  }
}

/** Begins version 1 where there is none, and goes on with the version that is begun, if its files are here. */
async function postVersion({ election, office, publishFolder }: Eligibility): Promise<void> {
  const { at, definition } = election;
  const version = (await readNewestVersion(at))?.version ?? 1;
  const published = await readPublished(publishFolder, version);
  if (published === undefined) {
    throw new UrnaError(
      'state/roll',
      `version ${version} of the roll is on chain, its files are not here: publish them`,
    );
  }
  const { registrationsRoot } = published;
  if ((await readNewestVersion(at)) === undefined) {
    await beginVersion(at, office.sender, { registrationsRoot, reasonsHash: wordHex(0n) });
  }
  const begun = await readNewestVersion(at);
  const same = begun?.registrationsRoot === registrationsRoot;
  require(same, 'state/roll', `version ${version} on chain has other registrations than ${registrationsFile('', version)}`);
  const { members } = await readMembersOf(publishFolder, version, definition.districts.length);
  await postMembers(at, office.sender, version, members);
}
