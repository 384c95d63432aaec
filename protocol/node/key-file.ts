import { canonicalBytes, parseCanonical } from '../canonical-json.ts';
import { addressOfKey } from '../acts/signature.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { require } from '../errors.ts';
import { readMembers } from '../json-members.ts';
import { openWithPassphrase, sealWithPassphrase } from './age.ts';
import { readBytes } from './files.ts';

const TYPE = 'urna/v1/key';

/** Who a key file belongs to: a key of one office is refused in another's place. */
export type Role = 'officer' | 'trustee' | 'box' | 'registrar' | 'account';

/** A secp256k1 key that signs acts, steps or transactions. Secret, except `role` and `address`. */
export interface KeyFile {
  readonly role: Role;
  readonly address: Hex;
  readonly privateKey: Uint8Array;
  /** age key (`AGE-SECRET-KEY-1…`) that opens the working files of this key's owner. */
  readonly ageSecret: string;
}

/** The key file as it is stored: an age file that the passphrase opens. @throws `secret/passphrase` */
export function sealKeyFile(key: KeyFile, passphrase: string): Promise<Uint8Array> {
  const { role, privateKey, ageSecret } = key;
  return sealWithPassphrase(
    canonicalBytes({ type: TYPE, role, privateKey: encodeHex(privateKey), ageSecret }),
    passphrase,
  );
}

/** All offices: whoever pays for a transaction may be any of them. */
export const ANY_ROLE: readonly Role[] = ['officer', 'trustee', 'box', 'registrar', 'account'];

/**
 * Reads and opens a key file.
 *
 * @param roles - the offices it may be of
 * @throws `key/role`, `key/file`, `secret/age`, `file/*`
 */
export async function openKeyFile(path: string, roles: readonly Role[], passphrase: string): Promise<KeyFile> {
  const plain = await openWithPassphrase(await readBytes(path, 2 ** 16), passphrase);
  const members = readMembers(parseCanonical(plain), ['ageSecret', 'privateKey', 'role', 'type'], 'key/file');
  require(members.type === TYPE, 'key/file', `${path} is not a key file`);
  const role = roles.find((name) => name === members.role);
  require(role !== undefined, 'key/role', `${path} is the key of another office, not ${roles.join(' or ')}`);
  require(typeof members.ageSecret === 'string', 'key/file', `${path} is not a key file`);
  const privateKey = decodeHex(members.privateKey, 32);
  return { role, privateKey, address: addressOfKey(privateKey), ageSecret: members.ageSecret };
}
