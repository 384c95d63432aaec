import { decodePrepared, encodePrepared } from '../../../protocol/ballot/prepared-ballot.ts';
import type { PreparedBallot } from '../../../protocol/ballot/prepared-ballot.ts';
import { openWithPassphrase, sealWithPassphrase } from '../../../protocol/node/age.ts';
import { readBytes } from '../../../protocol/node/files.ts';

/** The ballot as it is stored: an age file that the passphrase opens. */
export function sealPrepared(ballot: Omit<PreparedBallot, 'randomness'>, passphrase: string): Promise<Uint8Array> {
  return sealWithPassphrase(encodePrepared(ballot), passphrase);
}

/** Inverse of {@link sealPrepared}. @throws `prepared/file`, `secret/age`, `file/*` */
export async function openPrepared(path: string, passphrase: string): Promise<PreparedBallot> {
  return decodePrepared(await openWithPassphrase(await readBytes(path, 2 ** 16), passphrase));
}
