import { randomBytes as nodeRandomBytes } from 'node:crypto';
import type { RandomBytes } from '../../../protocol/random.ts';

/** The platform's CSPRNG: the one source of randomness of the command. */
export const randomBytes: RandomBytes = (length) => Uint8Array.from(nodeRandomBytes(length));
