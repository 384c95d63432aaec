import { r } from '../math/field.ts';

/** Slots that a group holds on average, so that who fetches one asks for thousands (SPEC §17.3). */
const GROUP_SIZE = 4096;

/** Groups of a poll of so many members. */
export function groupCount(members: number): number {
  return Math.max(1, Math.ceil(members / GROUP_SIZE));
}

/** The group of a slot: nullifiers are spread over [0, r), each group takes an equal part of it in order. */
export function groupOf(nullifier: bigint, groups: number): number {
  return Number((nullifier * BigInt(groups)) / r);
}
