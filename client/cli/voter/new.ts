import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { encodeIdentity } from '../../../protocol/identity/identity-file.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { decodeWords, encodeWords } from '../../../protocol/identity/words.ts';
import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import { sealWithPassphrase } from '../../../protocol/node/age.ts';
import { exists, readSecret, writeFile } from '../../../protocol/node/files.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { newPassphrase } from '../frame/passphrase.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { askSecret, showSecret } from '../frame/terminal.ts';
import { COMMITMENT_TYPE } from './commitment-file.ts';

/** `urna voter new`: a new identity, encrypted at rest, its commitment beside it, its backup words to a file or the terminal. */
export async function newIdentity(call: Invocation): Promise<Outcome> {
  const paths = await freePaths(call);
  const passphrase = await newPassphrase(call, 'your identity');
  const identity = createIdentity(randomBytes(32));
  const words = encodeWords(identity.privateKey);
  const wordsFile = optional(call, 'wordsFile');
  if (wordsFile !== undefined) await writeFile(wordsFile, `${words}\n`, { secret: true });
  else
    await showSecret(
      `Your backup words. Write them down, in order; whoever has them can vote for you:\n\n  ${words}\n`,
    );
  return save(identity, passphrase, paths);
}

/** `urna voter restore`: the identity of 24 backup words. @throws the codes of {@link decodeWords} */
export async function restoreIdentity(call: Invocation): Promise<Outcome> {
  const paths = await freePaths(call);
  const file = optional(call, 'wordsFile');
  const text =
    file === undefined ? await askSecret('Your 24 backup words: ') : decodeUtf8(await readSecret(file, 4096));
  const identity = createIdentity(decodeWords(text));
  return save(identity, await newPassphrase(call, 'your identity'), paths);
}

interface Paths {
  readonly identity: string;
  readonly commitment: string;
}

async function freePaths(call: Invocation): Promise<Paths> {
  const identity = option(call, 'out');
  const commitment = `${identity.replace(/\.age$/u, '')}.commitment.json`;
  for (const path of [identity, commitment]) {
    require(!(await exists(path)), 'file/exists', `${path} exists already and is not overwritten`);
  }
  return { identity, commitment };
}

async function save(identity: Identity, passphrase: string, paths: Paths): Promise<Outcome> {
  await writeFile(paths.identity, await sealWithPassphrase(encodeIdentity(identity), passphrase), { secret: true });
  const commitment = wordHex(identity.commitment);
  await writeFile(paths.commitment, canonicalBytes({ type: COMMITMENT_TYPE, commitment }));
  return { data: { ...paths }, text: `identity written to ${paths.identity}, its commitment to ${paths.commitment}` };
}
