import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Party } from '../../../client/cli/demo/party.ts';
import { openPrepared } from '../../../client/cli/voter/prepared-file.ts';
import { encodeText, encodeWord } from '../../../protocol/encoding.ts';
import { decodeIdentity } from '../../../protocol/identity/identity-file.ts';
import { openWithPassphrase } from '../../../protocol/node/age.ts';
import type { Canary } from '../../server/canaries.ts';
import { voteCanaries } from '../../server/vote-canaries.ts';

/** What a voter keeps to itself: identity, credential, and the vote of a ballot that was prepared; and what everybody sees of that ballot. */
export interface VoterCanaries {
  readonly secrets: readonly Canary[];
  readonly slot: Canary;
}

/** Opens the voter's own files with the voter's passphrase. @param prepared - of the ballot, before it is cast @param voteFile - from which it was made */
export async function voterCanaries({ folder }: Party, prepared: string, voteFile: string): Promise<VoterCanaries> {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  const passphrase = text('passphrase');
  const ballot = await openPrepared(join(folder, prepared), passphrase);
  const { privateKey, secretScalar } = decodeIdentity(
    await openWithPassphrase(readFileSync(join(folder, 'identity.age')), passphrase),
  );
  return {
    secrets: [
      { name: 'identity', bytes: privateKey },
      { name: 'secret scalar', bytes: encodeWord(secretScalar) },
      { name: 'code', bytes: encodeText(text('code.txt')) },
      ...voteCanaries(ballot, text(voteFile)),
    ],
    slot: { name: 'slot', bytes: encodeWord(ballot.slot) },
  };
}
