import type { Challenge } from '../../../protocol/credentials/challenge.ts';
import { challengeId } from '../../../protocol/credentials/challenge.ts';
import { require } from '../../../protocol/errors.ts';
import { exists, readText, writeFile } from '../../../protocol/node/files.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { postChallenge } from '../../http/roll-challenge.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { decodeKeptChallenge, encodeKeptChallenge, keptChallenge } from '../../http/kept-challenge.ts';

/**
 * Hands a signed challenge to the registrar and keeps its receipt in `file`. Interrupted, it is called again: the receipt is the same, also
 * once the version is no longer the newest.
 *
 * @throws the server's codes, `receipt/*`, `file/exists` where the file is of another challenge
 */
export async function sendChallenge(
  election: LoadedElection,
  server: ServerUrl,
  challenge: Challenge,
  file: string,
): Promise<void> {
  if (await exists(file)) {
    const { id } = decodeKeptChallenge(election, await readText(file, 8192));
    require(id === challengeId(challenge), 'file/exists', `${file} is the receipt of another challenge`);
    return;
  }
  const kept = keptChallenge(election, server, challenge, await postChallenge(server, challenge));
  await writeFile(file, encodeKeptChallenge(kept));
}
