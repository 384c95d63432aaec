import { randomBytes as nodeRandomBytes } from 'node:crypto';
import type { RandomBytes } from '../random.ts';

/** The platform's CSPRNG: the one source of randomness of command and servers. */
export const randomBytes: RandomBytes = (length) => Uint8Array.from(nodeRandomBytes(length));
