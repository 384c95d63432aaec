import { l } from '../math/field.ts';

/** Secrets the circuit takes are below this bound, just under l: all but one in 2^64 (SPEC §10.4). */
export const SECRET_BOUND = (l >> 186n) << 186n;
