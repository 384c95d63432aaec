import { join } from 'node:path';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { polls } from '../../../protocol/definition/polls.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../../protocol/errors.ts';
import { shuffle } from '../../../protocol/random.ts';
import { shortForm } from '../../../protocol/ballot/fingerprint-text.ts';
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
import { prepareBallot } from '../../../protocol/voting/encrypted-ballot.ts';
import { proveBallot } from './ballot.ts';
import { decide, requireUndecidedOr } from './decision.ts';
import { givenBoxes, handInFile, handedTable } from './hand.ts';
import type { Handed } from './hand.ts';
import { requireOwnElection } from '../../../protocol/ballot/prepared-ballot.ts';
import { openPrepared } from './prepared-file.ts';
import type { OwnSlot } from '../../../protocol/voting/own-slot.ts';
import { openVoter } from './session.ts';
import { readVotes } from './vote-file.ts';
import type { Vote } from './vote-file.ts';

/**
 * `urna voter cast`: first ballots, as files for a box; with `--prepared` a ballot that was prepared before, first or changed.
 *
 * @throws `state/slot` where the voter has voted already
 */
export const cast: Verb = (call) => {
  givenBoxes(call);
  const [prepared, votes] = [optional(call, 'prepared'), optional(call, 'voteFile')];
  require((prepared === undefined) !== (votes === undefined), 'usage/option', 'give either --vote-file or --prepared');
  return prepared === undefined ? makeBallots(call, false) : castPrepared(call, prepared);
};

/** `urna voter change`: changed ballots for slots that are not empty. @throws `state/slot` where there is nothing to change */
export const change: Verb = (call) => {
  givenBoxes(call);
  return makeBallots(call, true);
};

interface Made {
  readonly contest: string;
  readonly fingerprint: string;
  readonly file: string;
  /** Receipts of the boxes that took it; none if none was named. */
  readonly handed: readonly Handed[];
}

async function makeBallots(call: Invocation, changes: boolean): Promise<Outcome> {
  const election = await loadElection(call);
  const votes = await readVotes(option(call, 'voteFile'), election.definition);
  const voter = await openVoter(call, election);
  const wanted: (Vote & { readonly slot: OwnSlot })[] = [];
  for (const vote of votes) wanted.push({ ...vote, slot: await voter.slot(vote.contest) });
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
    const ballot = prepareBallot(voter.poseidon, voter.identity, {
      values,
      slot,
      randomness: drawRandomness(randomBytes),
    });
    const released = await release(call, election, await proveBallot(call, election, slot, ballot));
    made.push({ contest: contestAt(election.definition, contest).id, fingerprint: ballot.fingerprint, ...released });
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
  const contest = contestOf(election, polls(election.definition), ballot.poll);
  const slot = await voter.slot(contest);
  require(slot.nullifier === ballot.slot, 'prepared/slot', 'the ballot was prepared with another identity');
  const fits = (slot.state?.head ?? 0n) === ballot.head;
  require(fits, 'state/slot', 'your slot has been updated since: prepare the ballot again');
  const encrypted = prepareBallot(voter.poseidon, voter.identity, {
    values: ballot.values,
    slot,
    randomness: ballot.randomness,
  });
  require(encrypted.fingerprint === ballot.fingerprint, 'prepared/file', 'the ballot is not the one that was shown');
  const text = await proveBallot(call, election, slot, encrypted);
  await decide(path, ballot.fingerprint, 'cast');
  const released = await release(call, election, text);
  const { id } = contestAt(election.definition, contest);
  return outcomeOf([{ contest: id, fingerprint: ballot.fingerprint, ...released }]);
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

/**
 * Writes an update into the folder for boxes, under a name that tells nothing, and hands it to the boxes that were named. If none takes it,
 * the file is there all the same, for `voter hand`.
 */
async function release(
  call: Invocation,
  election: LoadedElection,
  text: string,
): Promise<Pick<Made, 'file' | 'handed'>> {
  const servers = givenBoxes(call);
  const file = join(option(call, 'out'), `update-${encodeHex(randomBytes(8)).slice(2)}.json`);
  await writeFile(file, text);
  if (servers.length === 0) return { file, handed: [] };
  try {
    return { file, handed: await handInFile(election, file, servers) };
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    throw new UrnaError(error.code, `${error.message}. The ballot is kept in ${file}: "urna voter hand" hands it in`);
  }
}

function outcomeOf(made: readonly Made[]): Outcome {
  const table = renderTable(
    ['contest', 'fingerprint', 'file for a box'],
    made.map(({ contest, fingerprint, file }) => [contest, shortForm(fingerprint), file]),
  );
  const handed = made.flatMap((each) => each.handed);
  const text = handed.length === 0 ? table : `${table}\n${handedTable(handed)}`;
  return { data: { ballots: made }, text };
}
