import { join } from 'node:path';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { at, require } from '../../../protocol/errors.ts';
import { shuffle } from '../../../protocol/random.ts';
import { shortForm } from '../ballot/fingerprint-text.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import { writeFile } from '../../../protocol/node/files.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { Verb } from '../frame/run.ts';
import { renderTable } from '../frame/table.ts';
import { prepareBallot, proveBallot } from './ballot.ts';
import { decide, requireUndecidedOr } from './decision.ts';
import { openPrepared, requireOwnElection } from './prepared-file.ts';
import { openVoter } from './session.ts';
import { readVotes } from './vote-file.ts';

/**
 * `urna voter cast`: first ballots, as files for a box; with `--prepared` a ballot that was prepared before, first or changed.
 *
 * @throws `state/slot` where the voter has voted already
 */
export const cast: Verb = (call) => {
  const [prepared, votes] = [optional(call, 'prepared'), optional(call, 'voteFile')];
  require((prepared === undefined) !== (votes === undefined), 'usage/option', 'give either --vote-file or --prepared');
  return prepared === undefined ? makeBallots(call, false) : castPrepared(call, prepared);
};

/** `urna voter change`: changed ballots for slots that are not empty. @throws `state/slot` where there is nothing to change */
export const change: Verb = (call) => makeBallots(call, true);

interface Made {
  readonly contest: string;
  readonly fingerprint: string;
  readonly file: string;
}

async function makeBallots(call: Invocation, changes: boolean): Promise<Outcome> {
  const election = await loadElection(call);
  const votes = await readVotes(option(call, 'voteFile'), election.definition);
  const voter = await openVoter(call, election);
  const wanted = votes.map((vote) => ({ ...vote, slot: voter.slot(vote.contest) }));
  for (const { contest, slot } of wanted) {
    const { id } = contestAt(election.definition, contest);
    const hint = changes
      ? 'there is no vote to change: use "voter cast"'
      : 'you have voted already: use "voter change"';
    require((slot.state !== undefined) === changes, 'state/slot', `contest ${id}: ${hint}`);
  }
  call.progress.start('proofs', wanted.length);
  const made: Made[] = [];
  for (const { contest, values, slot } of shuffle(wanted, randomBytes)) {
    const ballot = prepareBallot(voter, { values, slot, randomness: drawRandomness(randomBytes) });
    const file = await release(call, await proveBallot(call, election, slot, ballot));
    made.push({ contest: contestAt(election.definition, contest).id, fingerprint: ballot.fingerprint, file });
    call.progress.update(made.length);
  }
  call.progress.stop();
  return outcomeOf(made);
}

/**
 * Proves a prepared ballot and releases it. The proof is for the very ciphertext whose fingerprint was shown, and for the slot as it was
 * then: the same ciphertext proved over two states would tell a vote from a mask.
 */
async function castPrepared(call: Invocation, path: string): Promise<Outcome> {
  const election = await loadElection(call);
  const voter = await openVoter(call, election);
  const ballot = await openPrepared(path, voter.passphrase);
  requireOwnElection(ballot, election.context);
  await requireUndecidedOr(path, ballot.fingerprint, 'cast');
  const contest = contestOf(election, voter.view.replay.config.polls, ballot.poll);
  const slot = voter.slot(contest);
  require(slot.nullifier === ballot.slot, 'prepared/slot', 'the ballot was prepared with another identity');
  const fits = (slot.state?.head ?? 0n) === ballot.head;
  require(fits, 'state/slot', 'your slot has been updated since: prepare the ballot again');
  const encrypted = prepareBallot(voter, { values: ballot.values, slot, randomness: ballot.randomness });
  require(encrypted.fingerprint === ballot.fingerprint, 'prepared/file', 'the ballot is not the one that was shown');
  const text = await proveBallot(call, election, slot, encrypted);
  await decide(path, ballot.fingerprint, 'cast');
  const file = await release(call, text);
  return outcomeOf([{ contest: contestAt(election.definition, contest).id, fingerprint: ballot.fingerprint, file }]);
}

function contestOf(
  { definition }: LoadedElection,
  polls: readonly { readonly contest: number }[],
  poll: number,
): number {
  require(poll < polls.length, 'prepared/file', 'the ballot names a poll that the election does not have');
  const { contest } = at(polls, poll);
  contestAt(definition, contest);
  return contest;
}

/** Writes an update into the folder for boxes, under a name that tells nothing. @returns the file */
async function release(call: Invocation, text: string): Promise<string> {
  const file = join(option(call, 'out'), `update-${encodeHex(randomBytes(8)).slice(2)}.json`);
  await writeFile(file, text);
  return file;
}

function outcomeOf(made: readonly Made[]): Outcome {
  const table = renderTable(
    ['contest', 'fingerprint', 'file for a box'],
    made.map(({ contest, fingerprint, file }) => [contest, shortForm(fingerprint), file]),
  );
  return { data: { ballots: made }, text: table };
}
