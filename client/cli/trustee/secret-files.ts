import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import {
  decodeAttemptSecret,
  decodeTrusteeShare,
  encodeAttemptSecret,
  encodeTrusteeShare,
} from '../../../protocol/ceremony/secret-json.ts';
import type { AttemptSecret, TrusteeShare } from '../../../protocol/ceremony/trustee.ts';
import { decodeWord, wordHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { readMembers } from '../../../protocol/json-members.ts';
import { openWithKey, sealForKey } from '../../../protocol/node/age.ts';
import { exists, readBytes, writeFile } from '../../../protocol/node/files.ts';

/** A trustee's working folder; its files open with the trustee's key file only. */
export interface SecretFolder {
  readonly path: string;
  readonly ageSecret: string;
}

/** Secrets of an attempt and the words of the reveal that they belong to: nothing of it is ever made twice. */
export interface AttemptFile {
  readonly secret: AttemptSecret;
  readonly reveal: readonly bigint[];
}

/** A trustee's share and the transcript it was confirmed for. */
export interface ShareFile {
  readonly share: TrusteeShare;
  readonly transcript: bigint;
}

const attemptPath = ({ path }: SecretFolder, attempt: number): string => join(path, `attempt-${attempt}.age`);
const sharePath = ({ path }: SecretFolder): string => join(path, 'share.age');

/** The secrets of an attempt, undefined if there are none. @throws `ceremony/secret`, `secret/age` */
export async function readAttempt(folder: SecretFolder, attempt: number): Promise<AttemptFile | undefined> {
  const path = attemptPath(folder, attempt);
  if (!(await exists(path))) return undefined;
  const plain = parseCanonical(await openWithKey(await readBytes(path), folder.ageSecret));
  const { reveal, secret } = readMembers(plain, ['reveal', 'secret'], 'ceremony/secret');
  require(Array.isArray(reveal), 'ceremony/secret', 'not a trustee’s secret file');
  return { secret: decodeAttemptSecret(secret), reveal: reveal.map(decodeWord) };
}

/** Stores the secrets of an attempt; an existing file is replaced only by {@link forgetTransportKey}. */
export async function writeAttempt(
  folder: SecretFolder,
  { secret, reveal }: AttemptFile,
  replace = false,
): Promise<void> {
  const plain = canonicalBytes({ secret: encodeAttemptSecret(secret), reveal: reveal.map(wordHex) });
  const sealed = await sealForKey(plain, folder.ageSecret);
  await writeFile(attemptPath(folder, secret.attempt), sealed, { secret: true, replace });
}

/** Overwrites the transport key, which is not needed after the own confirmation (DESIGN §2.3); polynomials may have to answer. */
export async function forgetTransportKey(folder: SecretFolder, { secret, reveal }: AttemptFile): Promise<void> {
  const transport = { ...secret.transport, secretKey: new Uint8Array(32) };
  await writeAttempt(folder, { secret: { ...secret, transport }, reveal }, true);
}

/** The trustee's share, undefined if there is none yet. @throws `ceremony/secret`, `secret/age` */
export async function readShare(folder: SecretFolder): Promise<ShareFile | undefined> {
  const path = sharePath(folder);
  if (!(await exists(path))) return undefined;
  const plain = parseCanonical(await openWithKey(await readBytes(path), folder.ageSecret));
  const { share, transcript } = readMembers(plain, ['share', 'transcript'], 'ceremony/secret');
  return { share: decodeTrusteeShare(share), transcript: decodeWord(transcript) };
}

/** Stores the share; that of an earlier attempt is replaced. */
export async function writeShare(folder: SecretFolder, { share, transcript }: ShareFile): Promise<void> {
  const plain = canonicalBytes({ share: encodeTrusteeShare(share), transcript: wordHex(transcript) });
  await writeFile(sharePath(folder), await sealForKey(plain, folder.ageSecret), { secret: true, replace: true });
}

/** Deletes the secrets of attempts up to `attempt`; true if there were any. */
export async function deleteAttempts(folder: SecretFolder, attempt: number): Promise<boolean> {
  let found = false;
  for (let i = 1; i <= attempt; i++) {
    found ||= await exists(attemptPath(folder, i));
    await rm(attemptPath(folder, i), { force: true });
  }
  return found;
}

/** Deletes the share; true if there was one. */
export async function deleteShare(folder: SecretFolder): Promise<boolean> {
  const found = await exists(sharePath(folder));
  await rm(sharePath(folder), { force: true });
  return found;
}
