import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import { toField } from '../../../protocol/math/field.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { rootOfPath } from '../../../protocol/roll/lean-imt.ts';
import { readFoundation } from '../../../protocol/voting/foundation.ts';
import { readHeldSlot } from '../../../protocol/voting/held-slot.ts';
import type { Reader } from '../../../protocol/voting/reader.ts';
import { readRollPlace } from '../../../protocol/voting/roll-place.ts';
import type { PublicWorld } from './public-world.ts';

/** What voters read of a service (SPEC §17.4). */
export interface BallotNeeds {
  readonly keys: readonly Point[];
  /** Of every member: how many the district has, and whether the path leads to the sealed root. */
  readonly places: readonly (readonly [members: number, isTrue: boolean])[];
  /** Heads of slot 101, which has voted in the story, and of 103, which has not. */
  readonly slots: readonly (bigint | undefined)[];
}

/** Reads what every voter of the world's story needs. */
export async function ballotNeeds({ made, story }: PublicWorld, read: Reader): Promise<BallotNeeds> {
  const context = { chainId: made.at.connection.chainId, election: made.at.election };
  const { keys, roots, sealedAt } = await readFoundation(read, { definition: made.definition, context });
  const poseidon = await loadPoseidon();
  const places: [number, boolean][] = [];
  for (const [district, members] of story.offices.members.entries()) {
    for (const commitment of members) {
      const search = { district, root: roots[district]!, commitment, decoys: [] };
      const place = await readRollPlace(read, poseidon, search, randomBytes);
      places.push([place.members, rootOfPath(poseidon, place.path) === roots[district]]);
    }
  }
  const slots: (bigint | undefined)[] = [];
  for (const nullifier of [101n, 103n].map(toField)) {
    const search = { poll: 0, sealedAt, members: 3, lanes: 1, nullifier, decoys: [] };
    slots.push((await readHeldSlot(read, search, randomBytes))?.head);
  }
  return { keys, places, slots };
}
