import { canonicalJson, parseCanonical } from '../../protocol/canonical-json.ts';
import type { Json } from '../../protocol/canonical-json.ts';
import type { Challenge } from '../../protocol/credentials/challenge.ts';
import { challengeId, challengeJson, readChallenge } from '../../protocol/credentials/challenge.ts';
import type { ElectionContext } from '../../protocol/credentials/registration.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { require } from '../../protocol/errors.ts';
import { readMembers } from '../../protocol/json-members.ts';
import type { Receipt } from '../../protocol/receipts/receipt.ts';
import type { ChallengeStatement } from '../../protocol/receipts/challenge-receipt.ts';
import { readChallengeReceipt } from '../../protocol/receipts/challenge-receipt.ts';
import { parseServerUrl } from './server-url.ts';
import type { ServerUrl } from './server-url.ts';

const TYPE = 'urna/v1/kept-challenge';
const CODE = 'receipt/shape';

/** Whose registrar signs. */
interface ChallengedElection {
  readonly definition: Pick<Definition, 'registrar'>;
  readonly context: ElectionContext;
}

/** A challenge that the registrar has taken: with its receipt a voter can show that, and where to ask what became of it. */
export interface KeptChallenge {
  readonly server: ServerUrl;
  readonly challenge: Challenge;
  readonly id: Hex;
  readonly receipt: Receipt<ChallengeStatement>;
}

/** Canonical text of a challenge and its receipt. */
export function encodeKeptChallenge({ server, challenge, receipt }: KeptChallenge): string {
  return `${canonicalJson({ type: TYPE, server, challenge: challengeJson(challenge), receipt: { ...receipt } })}\n`;
}

/** Inverse of {@link encodeKeptChallenge}. @throws `receipt/*`, `challenge/shape`, `server/url`, `json/*` */
export function decodeKeptChallenge(election: ChallengedElection, text: string): KeptChallenge {
  const names = ['challenge', 'receipt', 'server', 'type'] as const;
  const { type, server, challenge, receipt } = readMembers(parseCanonical(text.trimEnd()), names, CODE);
  require(type === TYPE && typeof server === 'string', CODE, `not the receipt of a challenge, of type ${TYPE}`);
  return keptChallenge(election, parseServerUrl(server), readChallenge(challenge), receipt);
}

/** What is kept of the registrar's answer to a challenge. @throws `receipt/*` unless it is the registrar's receipt for it */
export function keptChallenge(
  { definition, context }: ChallengedElection,
  server: ServerUrl,
  challenge: Challenge,
  answer: Json,
): KeptChallenge {
  const id = challengeId(challenge);
  return { server, challenge, id, receipt: readChallengeReceipt(answer, context, id, definition.registrar) };
}
