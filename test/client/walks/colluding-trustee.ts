import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from '../../../protocol/node/random.ts';
import { openKeyFile } from '../../../protocol/node/key-file.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { readRecord } from '../../../client/cli/record/read.ts';
import { viewBallots } from '../../../client/cli/record/view.ts';
import { encodeDecryptionFile, signDecryption } from '../../../client/cli/trustee/decryption-file.ts';
import { readShare } from '../../../client/cli/trustee/secret-files.ts';
import { unitSums } from '../../../protocol/checks/replay/tally-replay.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { readHead } from '../../../protocol/record/files.ts';
import { encodeDecryption, makeDecryption } from '../../../protocol/tally/decryption.ts';
import { writeOwn } from './world.ts';
import type { Keyed } from './world.ts';

/**
 * A trustee who decrypts the only unit of whatever record it is handed, without a check, an anchor or a look into the journal: the
 * command does not. Made from the protocol's own functions.
 *
 * @returns the file's name in the trustee's folder
 */
export async function decryptBlindly(party: Keyed, trustee: number, record: string): Promise<string> {
  const path = join(party.folder, record);
  const { chainId, election, definitionHash } = await readHead(folderFiles(path));
  const definition = decodeDefinition(readFileSync(join(path, 'files', 'election.json')));
  const context = { chainId, election, definitionHash };
  const { replay } = await viewBallots({ definition, context }, readRecord(path));
  const { ageSecret, privateKey } = await openTrustee(party);
  const stored = await readShare({ path: join(party.folder, 'secrets'), ageSecret });
  const keys = replay.ceremony.keys?.verificationKeys.get(trustee);
  if (stored === undefined || keys === undefined) throw new Error('the trustee has no share of the keys');
  const { R, C } = unitSums(replay.tally, replay.polls, replay.config, 0);
  const domain = { chainId: BigInt(chainId), election };
  const shares = stored.share.shares.slice(0, C.length);
  const made = makeDecryption({ ...domain, unit: 0, trustee }, R, shares, keys.slice(0, C.length), randomBytes);
  const place = { domain, attempt: replay.ceremony.attempt, trustee };
  const unit = signDecryption(place, 0, encodeDecryption(made), privateKey);
  const file = `blind-${record}.json`;
  writeOwn(party, file, encodeDecryptionFile({ ...place, units: [unit] }));
  return file;
}

function openTrustee({ folder }: Keyed) {
  const passphrase = readFileSync(join(folder, 'passphrase'), 'utf8').trim();
  return openKeyFile(join(folder, 'key.age'), ['trustee'], passphrase);
}
