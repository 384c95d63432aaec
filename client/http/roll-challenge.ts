import type { Json } from '../../protocol/canonical-json.ts';
import type { Challenge } from '../../protocol/credentials/challenge.ts';
import { challengeId, challengeJson, readChallenge } from '../../protocol/credentials/challenge.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import { getJson, postJson } from './ask.ts';
import type { ServerUrl } from './server-url.ts';

/** What the registrar answered to a challenge of the roll (SPEC §17.1). */
export type ChallengeFate =
  { readonly state: 'open' } | { readonly state: 'upheld' } | { readonly state: 'dismissed'; readonly reason: string };

/** Hands a challenge to the registrar; the same again gets the same receipt, which is not checked yet. @throws the server's codes, `server/*` */
export function postChallenge(server: ServerUrl, challenge: Challenge): Promise<Json> {
  return postJson(server, '/v1/challenges', challengeJson(challenge));
}

/** What became of the challenge `id`. @throws `not-found/challenge`, `server/*`, `challenge/shape` */
export async function fetchChallengeFate(server: ServerUrl, id: Hex): Promise<ChallengeFate> {
  const answer = (await getJson(server, `/v1/challenges/${id}`)) as Readonly<Record<string, Json>> | null;
  const { state, reason, challenge = null } = answer ?? {};
  require(challengeId(readChallenge(challenge)) ===
    id, 'server/answer', 'the registrar answers about another challenge');
  if (state === 'open' || state === 'upheld') return { state };
  const known = state === 'dismissed' && typeof reason === 'string' && /^[a-z-]{1,40}$/u.test(reason);
  if (!known) throw new UrnaError('server/answer', 'the registrar’s answer has no state that we know');
  return { state, reason };
}
