import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../../contracts/client/connection.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import { appendMembers, beginVersion, completeVersion } from '../../../contracts/client/roll.ts';
import { senderOfKey } from '../../../contracts/client/transact.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { readDeploymentPlace } from '../../../client/cli/election/definition-file.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { openKeyFile } from '../../../protocol/node/key-file.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import {
  decodeRegistrationFile,
  encodeRegistrationFile,
  membersOf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { definitionHash, decodeDefinition } from '../../../protocol/definition/decode.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { publish, writeOwn } from './world.ts';
import type { Keyed, World } from './world.ts';

/** The commitment of the identity that a registrar would like to vote with. */
const STUFFED = 12345n as Field;

const FILE = 'registrations-1.jsonl';

/**
 * A registration that no voter made, as good as a registrar alone can make it: properly signed, by a key of the registrar's own.
 *
 * @param credentialKey - the name it goes by; without one, the key that did sign it
 */
export async function inventRegistration(registrar: Keyed, credentialKey?: Hex): Promise<Registration> {
  const folder = join(registrar.folder, 'public');
  const place = await readDeploymentPlace(join(folder, 'deployment.json'));
  const hash = definitionHash(decodeDefinition(readFileSync(join(folder, 'election.json'))));
  const fields = { district: 0, commitment: STUFFED, sequence: 1 };
  const made = signRegistration({ ...place, definitionHash: hash }, signingKey(randomBytes(32)), fields);
  return credentialKey === undefined ? made : { ...made, credentialKey };
}

/** The registrations of a file and one more. */
export function stuff(file: Uint8Array, extra: Registration): Uint8Array {
  const entries: RegisterEvent[] = [...decodeRegistrationFile(file), extra];
  return encodeRegistrationFile(entries.sort((a, b) => (a.credentialKey < b.credentialKey ? -1 : 1)));
}

/** Publishes registrations as the first version's, in the place of what was published before. */
export function publishRegistrations(world: World, registrar: Keyed, file: Uint8Array): void {
  rmSync(join(registrar.folder, FILE), { force: true });
  writeOwn(registrar, FILE, Buffer.from(file).toString());
  publish(world, registrar, FILE, FILE);
}

/** Posts a roll by the contract's own functions: the root of one file and the members of another. */
export async function postMixedRoll({ chain }: World, registrar: Keyed, root: Uint8Array, members: Uint8Array) {
  const { election } = await readDeploymentPlace(join(registrar.folder, 'public', 'deployment.json'));
  const passphrase = readFileSync(join(registrar.folder, 'passphrase'), 'utf8').trim();
  const { privateKey } = await openKeyFile(join(registrar.folder, 'key.age'), ['registrar'], passphrase);
  const at = await locateElection(await connect(chain.url, chainProfile('embedded')), election);
  const sender = senderOfKey(at.connection, privateKey);
  const registrations = wordHex(registrationsRoot(decodeRegistrationFile(root)));
  await beginVersion(at, sender, { registrationsRoot: registrations, reasonsHash: wordHex(0n) });
  const [commitments = []] = membersOf(decodeRegistrationFile(members), 1);
  await appendMembers(at, sender, { version: 1, district: 0, commitments });
  await completeVersion(at, sender, 1);
}
