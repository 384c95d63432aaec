import type { Forgery } from './forge.ts';
import { copyOf, reanchor } from './forge.ts';
import type { World } from './world.ts';

/** A lie in a record, everything else made consistent again, and the check that must find it. */
export interface Tamper {
  readonly check: number;
  readonly lie: string;
  /** Later checks that cannot but fail as well. */
  readonly also?: readonly number[];
  /** The lie is about what was anchored: anchors stay as they are. */
  readonly keepsAnchors?: true;
  forge(forgery: Forgery): void | Promise<void>;
}

/** The world's record with one lie, all else consistent again: signatures by the lie itself, anchors here. */
export async function tampered(world: World, tamper: Tamper): Promise<Forgery> {
  const forgery = copyOf(world);
  await tamper.forge(forgery);
  if (tamper.keepsAnchors !== true) reanchor(forgery);
  return forgery;
}
