import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import type { Challenge } from '../../../protocol/credentials/challenge.ts';
import { challengeId, challengeJson, readChallenge } from '../../../protocol/credentials/challenge.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';
import { redisScript, runScript } from '../../frame/redis-script.ts';
import type { Redis } from '../../frame/redis.ts';
import type { Register } from './register.ts';
import { KEYS } from './keys.ts';

/** Why a challenge was not upheld; an upheld one is answered by the reason that its correction will have (SPEC §6). */
export const DISMISSALS = [
  'as-registered',
  'replaced-later',
  'revoked-before',
  'never-registered',
  'withdrawn',
] as const;
export type Dismissal = (typeof DISMISSALS)[number];

/** What became of a challenge. */
export type ChallengeAnswer =
  | { readonly state: 'open' }
  | { readonly state: 'upheld' }
  | { readonly state: 'dismissed'; readonly reason: Dismissal };

/** A challenge and its answer; times are block times, Unix seconds. */
export interface KeptChallenge {
  readonly challenge: Challenge;
  readonly time: number;
  readonly answer: ChallengeAnswer;
}

/** Challenges that one credential can make of one election: claims × a few versions. */
const LIMIT = 16;

/** KEYS: challenges, challenges-of. ARGV: id, JSON, credential key, limit. */
const KEEP = redisScript(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 1 end
if tonumber(redis.call('HGET', KEYS[2], ARGV[3]) or '0') >= tonumber(ARGV[4]) then return 0 end
redis.call('HINCRBY', KEYS[2], ARGV[3], 1)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
`);

/** KEYS: challenges. ARGV: id, JSON as it was, JSON as it is to be. */
const ANSWER = redisScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

/** Keeps a challenge; the very same again is the one that is kept. @throws `challenge/limit` */
export async function keepChallenge(
  { redis, bytes }: Register,
  challenge: Challenge,
  time: number,
): Promise<KeptChallenge> {
  const id = challengeId(challenge);
  const kept = { challenge, time, answer: { state: 'open' } } as const;
  const args = [id, encode(kept), challenge.credentialKey, String(LIMIT)];
  const done = await runScript(bytes, KEEP, [KEYS.challenges, KEYS.challengesOf], args);
  require(done === 1, 'challenge/limit', `a credential makes at most ${LIMIT} challenges: wait for the answers`);
  return findChallenge(redis, id);
}

/** @throws `not-found/challenge` */
export async function findChallenge(redis: Redis, id: Hex): Promise<KeptChallenge> {
  const text = await redis.hGet(KEYS.challenges, id);
  if (text === null || text === undefined) throw new UrnaError('not-found/challenge', 'there is no such challenge');
  return decode(text);
}

/** Answers a challenge, once; the same answer again changes nothing. @throws `not-found/challenge`, `challenge/answered` */
export async function answerChallenge({ redis, bytes }: Register, id: Hex, answer: ChallengeAnswer): Promise<void> {
  const kept = await findChallenge(redis, id);
  if (canonicalJson(kept.answer) === canonicalJson(answer)) return;
  require(kept.answer.state === 'open', 'challenge/answered', 'this challenge was answered already');
  const done = await runScript(bytes, ANSWER, [KEYS.challenges], [id, encode(kept), encode({ ...kept, answer })]);
  require(done === 1, 'challenge/answered', 'this challenge was answered already');
}

/** All challenges that wait for an answer, with their ids. */
export async function openChallenges(redis: Redis): Promise<readonly (readonly [id: string, kept: KeptChallenge])[]> {
  const all = Object.entries(await redis.hGetAll(KEYS.challenges)).map(([id, text]) => [id, decode(text)] as const);
  return all.filter(([, { answer }]) => answer.state === 'open');
}

function encode({ challenge, time, answer }: KeptChallenge): string {
  return canonicalJson({ challenge: challengeJson(challenge), time, answer });
}

function decode(text: string): KeptChallenge {
  const code = 'internal/challenge';
  const { challenge, time, answer } = readMembers(parseJson(text), ['answer', 'challenge', 'time'], code);
  return {
    challenge: readChallenge(challenge),
    time: readIndex(time, code),
    answer: answer as unknown as ChallengeAnswer,
  };
}
