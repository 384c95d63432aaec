import type { Forgery } from './forge.ts';

/** A lie in a record, everything else made consistent again, and the check that must find it. */
export interface Tamper {
  readonly check: number;
  readonly lie: string;
  /** Later checks that cannot but fail as well. */
  readonly also?: readonly number[];
  forge(forgery: Forgery): void | Promise<void>;
}
