import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import { readRevocation } from '../../../protocol/credentials/registration-file.ts';
import { challengeJson } from '../../../protocol/credentials/challenge.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { streamBytes } from '../../../protocol/node/files.ts';
import type { Eligibility } from '../eligibility.ts';
import type { ChallengeAnswer } from '../store/challenges.ts';
import { DISMISSALS, answerChallenge, openChallenges } from '../store/challenges.ts';
import { takeRevocation } from '../store/register.ts';
import { argument } from './argument.ts';
import { publishNext } from './publish-next.ts';

/** One thing that the registrar's staff do with the register. Answers lines for people. */
export type OperatorWord = (eligibility: Eligibility, args: readonly string[]) => Promise<readonly string[]>;

/** What the program can be asked beside serving, each with its arguments. */
export const OPERATOR_WORDS: Readonly<Record<string, { readonly usage: string; readonly run: OperatorWord }>> = {
  revoke: { usage: 'revoke FILE', run: revoke },
  challenges: { usage: 'challenges', run: listChallenges },
  answer: { usage: `answer ID upheld|${DISMISSALS.join('|')}`, run: answer },
  publish: { usage: 'publish VERSION REGISTRATIONS REASONS', run: publishNext },
};

/** Revokes the credentials of a file, one JSON line each (SPEC §5.5). What was revoked so before stays; the first that is refused ends it. Not after registration. */
async function revoke({ register, chain }: Eligibility, args: readonly string[]): Promise<readonly string[]> {
  const path = argument(args, 0, 'revoke FILE');
  await chain.requireBeforeEnd();
  let done = 0;
  for await (const line of createInterface({ input: Readable.from(streamBytes(path)), crlfDelay: Infinity })) {
    try {
      await takeRevocation(register, readRevocation(parseCanonical(line)));
    } catch (error) {
      if (!(error instanceof UrnaError)) throw error;
      throw new UrnaError(error.code, `line ${done + 1} of ${path}: ${error.message}; ${done} lines before it stand`);
    }
    done += 1;
  }
  return [`${done} credentials revoked`];
}

/** Challenges that wait for an answer: canonical JSON, one a line. */
async function listChallenges({ register }: Eligibility): Promise<readonly string[]> {
  const open = await openChallenges(register.redis);
  return open.map(([id, { challenge, time }]) => canonicalJson({ id, time, challenge: challengeJson(challenge) }));
}

async function answer({ register }: Eligibility, args: readonly string[]): Promise<readonly string[]> {
  const usage = `answer ID upheld|${DISMISSALS.join('|')}`;
  const id = encodeHex(decodeHex(argument(args, 0, usage), 32));
  const word = argument(args, 1, usage);
  const reason = DISMISSALS.find((each) => each === word);
  if (word !== 'upheld' && reason === undefined) throw new UrnaError('usage/arguments', `usage: ${usage}`);
  const given: ChallengeAnswer = reason === undefined ? { state: 'upheld' } : { state: 'dismissed', reason };
  await answerChallenge(register, id, given);
  return [`challenge ${id}: ${word}`];
}
