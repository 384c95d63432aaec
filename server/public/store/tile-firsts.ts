import { require } from '../../../protocol/errors.ts';
import { TILE_SIZE } from '../../../protocol/roll/tiles.ts';
import type { PublicStore } from './store.ts';
import { KEYS, reading } from './store.ts';

/** The first member of each tile of level 0 of the sealed roll, as words: at most 256 of them. @throws `not-found/tile` */
export async function readFirsts(
  { held, bytes }: Pick<PublicStore, 'held' | 'bytes'>,
  district: number,
): Promise<Buffer> {
  const { newestRoll, sealed } = held.summary;
  const members = newestRoll?.members[district] ?? 0;
  require(sealed && members > 0, 'not-found/tile', 'there is no sealed roll with members for this district');
  const starts = Array.from({ length: Math.ceil(members / TILE_SIZE) }, (_, i) => 32 * TILE_SIZE * i);
  const read = (start: number): Promise<unknown> => bytes.getRange(KEYS.members(district), start, start + 31);
  return Buffer.concat((await reading(Promise.all(starts.map(read)))) as Buffer[]);
}
