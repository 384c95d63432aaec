import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { at, require } from '../errors.ts';
import type { Field } from '../math/field.ts';
import { toField } from '../math/field.ts';
import type { Poseidon } from '../math/poseidon.ts';
import type { LeanImt } from './lean-imt.ts';
import { TILE_SIZE } from './tiles.ts';

const HEIGHT = Math.log2(TILE_SIZE);
const CODE = 'roll/bounds';

/** With which leaf a level-0 tile begins, and the proof of it (SPEC §6.3): the siblings on its way to the tile's root, from the leaf upwards. */
export interface TileBound {
  readonly first: Field;
  /** Twelve, or fewer of a tile that is not full. */
  readonly siblings: readonly Field[];
}

/** The bound of a tile, of the tree over its leaves. */
export function boundOf({ levels }: LeanImt): TileBound {
  const siblings = levels.flatMap((nodes) => nodes.slice(1, 2));
  return { first: at(at(levels, 0), 0), siblings };
}

/** Root of the tile that begins so: the first leaf is the left one on every level. */
export function boundRoot(poseidon: Poseidon, { first, siblings }: TileBound): Field {
  return siblings.reduce((node, sibling) => poseidon([node, sibling]), first);
}

/** The bounds of a district's tiles as words, first leaf and siblings each. */
export function encodeBounds(bounds: readonly TileBound[]): Uint8Array {
  return concatBytes(...bounds.flatMap(({ first, siblings }) => [first, ...siblings]).map(encodeWord));
}

/** Strict inverse of {@link encodeBounds}, of so many tiles. @throws `roll/bounds` for a length that so many cannot have, `field/range` */
export function decodeBounds(bytes: Uint8Array, tiles: number): TileBound[] {
  const words = bytes.length / 32;
  const last = words - (tiles - 1) * (HEIGHT + 1);
  const fits = Number.isInteger(words) && last >= 1 && last <= HEIGHT + 1;
  require(fits, CODE, `${tiles} tiles cannot have ${words} words of bounds`);
  const nodes = Array.from({ length: words }, (_, i) => toField(decodeNumber(bytes.subarray(32 * i, 32 * i + 32))));
  return Array.from({ length: tiles }, (_, i) => {
    const own = nodes.slice(i * (HEIGHT + 1), (i + 1) * (HEIGHT + 1));
    return { first: at(own, 0), siblings: own.slice(1) };
  });
}
