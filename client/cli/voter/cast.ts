import { join } from 'node:path';
import { encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { decodeIdentity } from '../../../protocol/identity/identity-file.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { shuffle } from '../../../protocol/random.ts';
import { verifiedKeys } from '../ballot/poll-context.ts';
import { loadElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import { openWithPassphrase } from '../frame/age.ts';
import { readBytes, writeFile } from '../frame/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { passphrase } from '../frame/passphrase.ts';
import { randomBytes } from '../frame/random.ts';
import type { Verb } from '../frame/run.ts';
import { renderTable } from '../frame/table.ts';
import { recordEntries } from '../record/entries.ts';
import { viewElection } from '../record/view.ts';
import { makeBallot, ownSlot } from './ballot.ts';
import { readVotes } from './vote-file.ts';

/** `urna voter cast`: first ballots, as files for a box. @throws `state/slot` where the voter has voted already */
export const cast: Verb = (call) => makeBallots(call, false);

/** `urna voter change`: changed ballots for slots that are not empty. @throws `state/slot` where there is nothing to change */
export const change: Verb = (call) => makeBallots(call, true);

async function makeBallots(call: Invocation, changes: boolean): Promise<Outcome> {
  const election = await loadElection(call);
  const votes = await readVotes(option(call, 'voteFile'), election.definition);
  const view = await viewElection(election, recordEntries(call, election));
  const keys = verifiedKeys(election, view);
  const identity = await openIdentity(call);
  const wanted = votes.map((vote) => ({ vote, slot: ownSlot(election, view, keys, identity, vote.contest) }));
  for (const { vote, slot } of wanted) {
    const { id } = contestAt(election.definition, vote.contest);
    const hint = changes
      ? 'there is no vote to change: use "voter cast"'
      : 'you have voted already: use "voter change"';
    require((slot.state !== undefined) === changes, 'state/slot', `contest ${id}: ${hint}`);
  }
  const folder = option(call, 'out');
  call.progress.start('proofs', wanted.length);
  const made: { contest: string; fingerprint: string; file: string }[] = [];
  for (const { vote, slot } of shuffle(wanted, randomBytes)) {
    const ballot = await makeBallot(call, election, view, { identity, vote, slot });
    const file = join(folder, `update-${encodeHex(randomBytes(8)).slice(2)}.json`);
    await writeFile(file, ballot.text);
    made.push({ contest: ballot.contest, fingerprint: ballot.fingerprint, file });
    call.progress.update(made.length);
  }
  call.progress.stop();
  const table = renderTable(
    ['contest', 'fingerprint', 'file for a box'],
    made.map(({ contest, fingerprint, file }) => [contest, shortForm(fingerprint), file]),
  );
  return { data: { ballots: made }, text: table };
}

/** The identity of `--identity`. @throws `secret/age`, `identity/*`, `file/*` */
export async function openIdentity(call: Invocation): Promise<Identity> {
  const file = await readBytes(option(call, 'identity'), 2 ** 16);
  return decodeIdentity(await openWithPassphrase(file, await passphrase(call, 'passphraseFile', 'your identity')));
}

/** The first 80 bits in groups of four digits: to be read out; machines compare all 256. */
function shortForm(fingerprint: string): string {
  return (fingerprint.slice(2, 22).match(/.{4}/gu) ?? []).join(' ');
}
