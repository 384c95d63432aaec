import { buildWorld } from '../protocol/checks/world/world.ts';
import type { World } from '../protocol/checks/world/world.ts';
import { writeRecord } from './write.ts';

/** Entries of {@link longRecord}: two full segments and one of a hundred. */
const LENGTH = 2148;

/**
 * Writes a record of three segments, whole and not right: a true one that goes on with the same extension again and again.
 *
 * @param world - the true one, where it is at hand
 */
export async function longRecord(folder: string, world?: World): Promise<void> {
  const { entries, evidence } = world ?? (await buildWorld());
  const again = entries.find(({ kind }) => kind === 'extend');
  const all = Array.from({ length: LENGTH }, (_, seq) => ({ ...(entries[seq] ?? again), seq }));
  await writeRecord(folder, all, evidence);
}
