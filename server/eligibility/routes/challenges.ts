import type { FastifyInstance } from 'fastify';
import { isRollSealed, readNewestVersion } from '../../../contracts/client/roll.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { challengeId, challengeJson, readChallenge, verifyChallenge } from '../../../protocol/credentials/challenge.ts';
import type { Challenge } from '../../../protocol/credentials/challenge.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { equationByOpenssl } from '../../../protocol/node/ed25519.ts';
import { challengeStatement } from '../../../protocol/receipts/challenge-receipt.ts';
import type { ChallengeStatement } from '../../../protocol/receipts/challenge-receipt.ts';
import type { Receipt } from '../../../protocol/receipts/receipt.ts';
import { REASON_CODES } from '../../../protocol/roll/reasons.ts';
import type { Eligibility } from '../eligibility.ts';
import { requireListed } from '../sealed-keys.ts';
import { DISMISSALS, findChallenge, keepChallenge } from '../store/challenges.ts';
import type { KeptChallenge } from '../store/challenges.ts';
import { isHandedOut } from '../store/register.ts';
import {
  count,
  district,
  electionMembers,
  exactly,
  problem,
  sequence,
  signature64,
  signature65,
  word,
} from './schemas.ts';

const commitment = { oneOf: [word, { type: 'null' }] } as const;
const challenge = {
  ...{
    claim: { enum: REASON_CODES },
    commitment,
    credentialKey: word,
    district,
    signature: signature64,
    version: sequence,
  },
} as const;
const receipt = exactly({
  statement: exactly({ type: { const: 'urna/v1/receipt/challenge' }, ...electionMembers, id: word, time: count }),
  signature: signature65,
});

const postSchema = {
  summary: 'Challenge a version of the roll',
  description:
    'Signed with the credential (SPEC §5.7); who has none goes to the office. The same again gets the same receipt.',
  body: exactly(challenge),
  response: { 202: { description: 'The receipt', ...receipt }, default: problem },
} as const;
const getSchema = {
  summary: 'What became of a challenge',
  params: exactly({ id: word }),
  response: {
    200: {
      description: 'open, upheld for the reason claimed, or dismissed for a reason',
      oneOf: [
        exactly({ state: { enum: ['open', 'upheld'] }, challenge: exactly(challenge), receipt }),
        exactly({
          state: { const: 'dismissed' },
          reason: { enum: DISMISSALS },
          challenge: exactly(challenge),
          receipt,
        }),
      ],
    },
    default: problem,
  },
} as const;

/** POST /v1/challenges, GET /v1/challenges/:id (SPEC §17.1). */
export function addChallenges(server: FastifyInstance, eligibility: Eligibility): void {
  const { register } = eligibility;
  server.post<{ Body: Json }>('/v1/challenges', { schema: postSchema }, async (request, reply) => {
    reply.code(202).header('cache-control', 'no-store');
    const sent = readChallenge(request.body);
    await requireGenuine(eligibility, sent);
    const time = await requireStanding(eligibility, sent.version);
    return receiptOf(eligibility, await keepChallenge(register, sent, time));
  });
  server.get<{ Params: { id: string } }>('/v1/challenges/:id', { schema: getSchema }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const kept = await findChallenge(register.redis, encodeHex(decodeHex(request.params.id, 32)));
    return { ...kept.answer, challenge: challengeJson(kept.challenge), receipt: receiptOf(eligibility, kept) };
  });
}

/** By a credential of the lists, or of the reserve if it was handed out; a revoked one may complain of that. */
async function requireGenuine({ register, election }: Eligibility, sent: Challenge): Promise<void> {
  const key = decodeHex(sent.credentialKey, 32);
  const list = requireListed(register.sealed, sent.district, key);
  const known = list === 'keys' || (await isHandedOut(register, key));
  require(known, 'challenge/credential', 'no such credential was handed out in this district');
  const signed = verifyChallenge(election.context, sent, equationByOpenssl);
  require(signed, 'challenge/signature', 'the signature is not of this credential, claim and election');
}

/** The version must be complete, the newest, and not sealed. @returns block time, Unix seconds */
async function requireStanding({ chain, election }: Eligibility, version: number): Promise<number> {
  const { blockTime } = await chain.status();
  const newest = await readNewestVersion(election.at);
  const stands = newest?.version === version && newest.completedAt !== 0;
  if (!stands) throw new UrnaError('state/roll', `version ${version} of the roll does not stand open to challenge`);
  require(!(await isRollSealed(election.at)), 'state/roll', 'the roll is sealed: it cannot be changed any more');
  return Number(blockTime);
}

/** The registrar's word that it has the challenge. */
function receiptOf(
  { election, office }: Eligibility,
  { challenge: kept, time }: KeptChallenge,
): Receipt<ChallengeStatement> {
  return office.sign(challengeStatement(election.context, challengeId(kept), time));
}
