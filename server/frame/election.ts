import { connect } from '../../contracts/client/connection.ts';
import { locateElection, readStatus } from '../../contracts/client/election.ts';
import type { ElectionAt } from '../../contracts/client/election.ts';
import { senderOfKey } from '../../contracts/client/transact.ts';
import type { Sender } from '../../contracts/client/transact.ts';
import { chainProfile } from '../../contracts/network/profiles.ts';
import { decodeUtf8 } from '../../protocol/canonical-json.ts';
import type { ElectionContext } from '../../protocol/credentials/registration.ts';
import { decodeDefinition, definitionHash } from '../../protocol/definition/decode.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import { decodeHex, encodeHex } from '../../protocol/encoding.ts';
import { readBytes, readSecret } from '../../protocol/node/files.ts';
import { require } from '../../protocol/errors.ts';
import { openKeyFile } from '../../protocol/node/key-file.ts';
import type { Role } from '../../protocol/node/key-file.ts';
import type { Receipt, Statement } from '../../protocol/receipts/receipt.ts';
import { signReceipt } from '../../protocol/receipts/receipt.ts';

/** The settings by which a service finds its election; part of every service's schema. */
export interface ElectionSettings {
  readonly definitionFile: string;
  /** Address of the `Election` contract. */
  readonly election: string;
  /** URL of a chain node that this service trusts. */
  readonly rpc: string;
}

/** JSON schema properties of {@link ElectionSettings}. */
export const electionProperties = {
  definitionFile: { type: 'string', minLength: 1 },
  election: { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' },
  rpc: { type: 'string', format: 'uri' },
} as const;

/** An election that a service serves. */
export interface ServedElection {
  readonly definition: Definition;
  readonly context: ElectionContext;
  readonly at: ElectionAt;
}

/** Opens definition and chain. @throws `definition/*`, `check/definition`, `chain/*`, `file/*` */
export async function openServed({ definitionFile, election, rpc }: ElectionSettings): Promise<ServedElection> {
  const definition = decodeDefinition(await readBytes(definitionFile, 2 ** 22));
  const { id, profile } = definition.chain;
  const connection = await connect(rpc, chainProfile(profile), id);
  const address = encodeHex(decodeHex(election.toLowerCase(), 20));
  const at = await locateElection(connection, address);
  const hash = definitionHash(definition);
  const onChain = (await readStatus(at)).definitionHash;
  require(onChain === hash, 'check/definition', 'the definition is not the one whose hash is on chain');
  return { definition, at, context: { chainId: id, election: address, definitionHash: hash } };
}

/** An office's account: it pays and posts, and signs receipts. */
export interface Office {
  readonly sender: Sender;
  /** Signs a receipt with the account's key, which stays in here. */
  readonly sign: <T extends Statement>(statement: T) => Receipt<T>;
}

/** The account of an office, from its key file and the file with its passphrase. @throws `key/*`, `secret/*`, `file/*` */
export async function openOffice(
  { connection }: ElectionAt,
  role: Role,
  files: { readonly accountFile: string; readonly accountPassphraseFile: string },
  note: (line: string) => void,
): Promise<Office> {
  const passphrase = decodeUtf8(await readSecret(files.accountPassphraseFile, 4096)).replace(/\r?\n$/u, '');
  const key = await openKeyFile(files.accountFile, [role], passphrase);
  const sender = senderOfKey(connection, key.privateKey, note);
  return { sender, sign: (statement) => signReceipt(statement, key.privateKey) };
}
