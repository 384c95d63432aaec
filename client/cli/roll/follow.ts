import type { Hex } from '../../../protocol/encoding.ts';
import { readText } from '../../../protocol/node/files.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { askUntil } from '../frame/ask-until.ts';
import { flag } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { fetchChallengeFate } from '../../http/roll-challenge.ts';
import type { ChallengeFate } from '../../http/roll-challenge.ts';
import type { KeptChallenge } from '../../http/kept-challenge.ts';
import { decodeKeptChallenge } from '../../http/kept-challenge.ts';

/** Milliseconds between two questions in the end: people answer. */
const RARELY = 60_000;

/** What became of a challenge, with the file of its receipt. */
type Followed = ChallengeFate & { readonly id: Hex; readonly receipt: string; readonly claim: string };

type Look = (kept: KeptChallenge) => Promise<ChallengeFate>;

/** `urna roll follow`: asks the registrar until challenges of the roll are answered. Exit 1 if one was dismissed, 6 if `--once` finds one open. */
export async function follow(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  return (flag(call, 'once') ? lookAtChallenges : followChallenges)(election, call.args);
}

/** Looks once. */
export function lookAtChallenges(election: LoadedElection, receipts: readonly string[]): Promise<Outcome> {
  return outcomeOf(election, receipts, look);
}

/** Waits for the answers. */
export function followChallenges(election: LoadedElection, receipts: readonly string[]): Promise<Outcome> {
  return outcomeOf(election, receipts, (kept) =>
    askUntil(
      () => look(kept),
      ({ state }) => state !== 'open',
      RARELY,
    ),
  );
}

function look({ server, id }: KeptChallenge): Promise<ChallengeFate> {
  return fetchChallengeFate(server, id);
}

async function outcomeOf(election: LoadedElection, receipts: readonly string[], ask: Look): Promise<Outcome> {
  const kept = await Promise.all(
    receipts.map(async (file) => decodeKeptChallenge(election, await readText(file, 8192))),
  );
  const challenges: Followed[] = [];
  for (const [i, each] of kept.entries()) {
    challenges.push({ receipt: receipts[i] ?? '', id: each.id, claim: each.challenge.claim, ...(await ask(each)) });
  }
  const outcome = { data: { challenges }, text: challenges.map(sentenceOf).join('\n') };
  const dismissed = challenges.some(({ state }) => state === 'dismissed');
  if (dismissed) return { ...outcome, exit: 1, code: 'check/challenge' };
  const open = challenges.some(({ state }) => state === 'open');
  return open ? { ...outcome, exit: 6, code: 'incomplete/challenge' } : outcome;
}

function sentenceOf(challenge: Followed): string {
  const { receipt, claim } = challenge;
  if (challenge.state === 'upheld') return `${receipt}: upheld, the next version of the roll corrects it (${claim})`;
  if (challenge.state === 'open') return `${receipt}: not answered yet; look again with "urna roll follow ${receipt}"`;
  return `${receipt}: dismissed (${challenge.reason}); if you do not agree, show the receipt to the election’s officers`;
}
