import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { withSecrets } from './with-secrets.ts';
import type { OpenedVoter } from './opened-voter.ts';
import { lockWithPasskey, openWithPasskey } from './passkey.ts';
import { readVault, writeVault } from './vault-store.ts';
import { decodeVoterFile, encodeVoterFile } from './voter-file.ts';
import type { VoterFile } from './voter-file.ts';

/** Seals a new voter's file and keeps it. @throws `secret/passphrase`, `vault/elsewhere` if there is one already, `vault/storage` */
export async function createVault(
  definitionHash: Hex,
  identity: Identity,
  file: VoterFile,
  passphrase: string,
): Promise<OpenedVoter> {
  const { key, ...sealed } = await withSecrets('create', { identity, file: encodeVoterFile(file), passphrase });
  await writeVault(definitionHash, { ...sealed, revision: 1 });
  // A browser may delete what is not persistent when room is short; it may also refuse, and the words are there.
  void navigator.storage?.persist?.().catch(() => undefined);
  return { definitionHash, identity, file, key, revision: 1 };
}

/** Opens what is kept. @throws `secret/age` for a wrong passphrase, `vault/none`, `vault/damaged`, `vault/storage` */
export async function openVault(definitionHash: Hex, passphrase: string): Promise<OpenedVoter> {
  const kept = await readVault(definitionHash);
  if (kept === undefined) throw new UrnaError('vault/none', 'no identity is kept on this device');
  const { lock, body, revision } = kept;
  const { key, file: bytes } = await withSecrets('open', { lock, body, passphrase });
  return openedWith(definitionHash, key, bytes, revision);
}

/** {@link openVault} by the passkey that was set up for it. @throws `passkey/*`, `vault/none`, `vault/damaged`, `vault/storage` */
export async function openVaultWithPasskey(definitionHash: Hex): Promise<OpenedVoter> {
  const kept = await readVault(definitionHash);
  if (kept?.passkey === undefined)
    throw new UrnaError('vault/none', 'no identity with a passkey is kept on this device');
  const key = await openWithPasskey(definitionHash, kept.passkey);
  const bytes = await withSecrets('unseal', { key, body: kept.body });
  return openedWith(definitionHash, key, bytes, kept.revision);
}

async function openedWith(hash: Hex, key: string, bytes: Uint8Array, revision: number): Promise<OpenedVoter> {
  const file = decodeVoterFile(bytes);
  return { definitionHash: hash, identity: await withSecrets('identity', file.identity), file, key, revision };
}

/** Sets up a passkey beside the passphrase, in the place of an earlier one. @param name - by which the device lists it @throws `passkey/*`, those of {@link saveVoter} */
export async function addPasskey(voter: OpenedVoter, name: string): Promise<OpenedVoter> {
  const { definitionHash, key } = voter;
  const passkey = await lockWithPasskey(definitionHash, key, name);
  const [kept, revision] = [await readVault(definitionHash), voter.revision + 1];
  if (kept === undefined) throw new UrnaError('vault/none', 'the identity was removed from this device');
  await writeVault(definitionHash, { ...kept, passkey, revision });
  return { ...voter, revision };
}

/** Keeps a changed file. @returns the voter as it is now: the next change starts from that @throws `vault/elsewhere`, `vault/none`, `vault/storage` */
export async function saveVoter(voter: OpenedVoter, change: Partial<VoterFile>): Promise<OpenedVoter> {
  const { definitionHash, key } = voter;
  const [file, revision] = [{ ...voter.file, ...change }, voter.revision + 1];
  const body = await withSecrets('reseal', { key, file: encodeVoterFile(file) });
  const kept = await readVault(definitionHash);
  if (kept === undefined) throw new UrnaError('vault/none', 'the identity was removed from this device');
  await writeVault(definitionHash, { ...kept, body, revision });
  return { ...voter, file, revision };
}
