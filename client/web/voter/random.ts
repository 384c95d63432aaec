import type { RandomBytes } from '../../../protocol/random.ts';

/** Bytes of the browser's CSPRNG. */
export const randomBytes: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
