import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAttempt } from '../../../client/cli/trustee/secret-files.ts';
import type { AttemptFile } from '../../../client/cli/trustee/secret-files.ts';
import { openKeyFile } from '../../../protocol/node/key-file.ts';
import type { KeyFile } from '../../../protocol/node/key-file.ts';
import { decodeStepFile, encodeStepFile, signStep } from '../../../client/cli/trustee/step-file.ts';
import type { StepFile } from '../../../client/cli/trustee/step-file.ts';
import { makeDeal } from '../../../protocol/ceremony/deal.ts';
import { ceremonyBase } from '../../../protocol/ceremony/setup.ts';
import { encodeWord } from '../../../protocol/encoding.ts';
import type { SignedMessage } from '../../../protocol/ceremony/step-object.ts';
import { modScalar } from '../../../protocol/math/field.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { makeSteps, postSteps, step, writeOwn } from './world.ts';
import type { Keyed, World } from './world.ts';

/** A trustee who cheats: its steps are made from the protocol's own functions, since the command makes honest ones only. */
export interface BadDealer {
  readonly party: Keyed;
  readonly key: KeyFile;
  readonly attempt: AttemptFile;
}

/** Opens the trustee's key and the secrets that it has drawn for an attempt. */
export async function openDealer(party: Keyed, attempt: number): Promise<BadDealer> {
  const passphrase = readFileSync(join(party.folder, 'passphrase'), 'utf8').trim();
  const key = await openKeyFile(join(party.folder, 'key.age'), ['trustee'], passphrase);
  const found = await readAttempt({ path: join(party.folder, 'secrets'), ageSecret: key.ageSecret }, attempt);
  if (found === undefined) throw new Error('the dealer has no secrets of this attempt');
  return { party, key, attempt: found };
}

/**
 * Rewrites an honest deal file: the first recipient gets shares of another polynomial than the revealed one.
 *
 * @param revealFile - the first recipient's own reveal, which names its transport key
 */
async function spoilDeal(dealer: BadDealer, file: string, revealFile: string): Promise<void> {
  const honest = read(dealer, file);
  const reveal = decodeStepFile(readFileSync(revealFile, 'utf8').trimEnd()).message;
  if (honest.message.kind !== 'deal' || reveal.kind !== 'reveal') throw new Error('not a deal and a reveal');
  const { trustee, attempt } = honest.message;
  const wrong = dealer.attempt.secret.polynomials.map((f) => f.map((a) => modScalar(a + 1n)));
  const victim = { trustee: reveal.trustee, transportKey: encodeWord(reveal.words.at(-1) ?? 0n) };
  const share = await makeDeal(ceremonyBase(honest.domain, attempt), trustee, wrong, [victim], randomBytes);
  const bytes = Uint8Array.from([...share, ...honest.message.bytes.subarray(share.length)]);
  write(dealer, file, honest, { ...honest.message, bytes });
}

/** Rewrites an honest answer file: the opened share is off by one. */
export function spoilAnswer(dealer: BadDealer, file: string): void {
  const honest = read(dealer, file);
  if (honest.message.kind !== 'answer') throw new Error('not an answer');
  write(dealer, file, honest, { ...honest.message, share: modScalar(honest.message.share + 1n) });
}

function read({ party }: BadDealer, file: string): StepFile {
  return decodeStepFile(readFileSync(join(party.folder, file), 'utf8').trimEnd());
}

function write({ party, key }: BadDealer, file: string, { domain }: StepFile, message: SignedMessage): void {
  writeOwn(party, file, `${encodeStepFile(signStep(domain, message, key.privateKey))}\n`);
}

/**
 * The ceremony up to the deals, all honest but one: the last trustee deals a wrong share to the first, who learns of it from the
 * record alone.
 *
 * @returns the dealer
 */
export async function dealWrongly(world: World): Promise<BadDealer> {
  const [first] = world.trustees;
  const last = world.trustees.at(-1);
  if (first === undefined || last === undefined) throw new Error('there are trustees');
  await step(world, 'commit', world.trustees);
  const [reveal = ''] = await step(world, 'reveal', world.trustees);
  const deals = await makeSteps(world, 'deal', world.trustees);
  const dealer = await openDealer(last, 1);
  await spoilDeal(dealer, deals.at(-1) ?? '', join(first.folder, reveal));
  await postSteps(world, world.trustees, deals);
  return dealer;
}
