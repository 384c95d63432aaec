import type { Json } from '../../../../protocol/canonical-json.ts';
import { signChallenge } from '../../../../protocol/credentials/challenge.ts';
import { signingKey } from '../../../../protocol/credentials/ed25519.ts';
import { UrnaError } from '../../../../protocol/errors.ts';
import type { KeptChallenge } from '../../../http/kept-challenge.ts';
import { decodeKeptChallenge, encodeKeptChallenge, keptChallenge } from '../../../http/kept-challenge.ts';
import { postChallenge } from '../../../http/roll-challenge.ts';
import type { ElectionView } from '../../service/election-view.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { registrarOf } from '../registering.ts';
import { saveVoter } from '../vault.ts';
import type { OwnEntryView } from './roll-task.ts';

/** Name of the challenge among what the voter's file keeps. */
const NAME = 'challenge';

/**
 * Challenges the roll with the credential of the letter, and keeps the registrar's receipt. Interrupted, it is done again: the same challenge
 * gets the same receipt.
 *
 * @throws `challenge/nothing`, `challenge/over`, `registrar/none`, the server's codes, `receipt/*`, `vault/*`
 */
export async function challengeRoll(view: ElectionView, voter: OpenedVoter, entry: OwnEntryView): Promise<OpenedVoter> {
  const { version, claim, isRegistered } = entry;
  const { credential, district, voting } = voter.file;
  if (claim === undefined || credential === undefined)
    throw new UrnaError('challenge/nothing', 'only a wrong done to the credential of the letter can be challenged');
  const commitment = isRegistered ? voter.identity.commitment : null;
  const server = registrarOf(view);
  const challenge = signChallenge(view.context, signingKey(credential), { district, version, claim, commitment });
  const answer = await postChallenge(server, challenge).catch((error: unknown) => {
    // To a voter who challenges, "no such roll" is that it has been sealed or replaced meanwhile.
    const isOver = error instanceof UrnaError && error.code.startsWith('state/');
    throw isOver ? new UrnaError('challenge/over', error.message) : error;
  });
  const kept = keptChallenge(view, server, challenge, answer);
  return saveVoter(voter, { voting: { ...voting, [NAME]: encodeKeptChallenge(kept) } });
}

/** The challenge that this device has made last. @throws `receipt/*` where what was kept is not the registrar's word */
export function challengeOf(
  view: ElectionView,
  voting: Readonly<Record<string, Json>>,
): { readonly kept: KeptChallenge; readonly text: string } | undefined {
  const text = voting[NAME];
  return typeof text === 'string' ? { kept: decodeKeptChallenge(view, text), text } : undefined;
}
