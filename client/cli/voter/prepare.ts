import { join } from 'node:path';
import { encodeHex } from '../../../protocol/encoding.ts';
import { drawRandomnessBytes, randomnessOf } from '../../../protocol/ballot/ballot-bytes.ts';
import { groupedForm, shortForm } from '../../../protocol/ballot/fingerprint-text.ts';
import { loadElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import { writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { prepareBallot } from '../../../protocol/voting/encrypted-ballot.ts';
import { sealPrepared } from './prepared-file.ts';
import { openVoter } from './session.ts';
import { readVotes } from './vote-file.ts';

/**
 * `urna voter prepare`: encrypts votes without proving them, shows their fingerprints, and keeps each sealed in a file of its own, to be
 * cast (`voter cast --prepared`) or challenged (`voter challenge`), never both (DESIGN §2.10).
 */
export async function prepare(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const votes = await readVotes(option(call, 'voteFile'), election.definition);
  const voter = await openVoter(call, election);
  const folder = option(call, 'out');
  const made: { contest: string; fingerprint: string; file: string }[] = [];
  for (const vote of votes) {
    const slot = await voter.slot(vote.contest);
    const bytes = drawRandomnessBytes(randomBytes);
    const { randomness } = randomnessOf(encodeHex(bytes), 'internal/random');
    const { fingerprint } = prepareBallot(voter.poseidon, voter.identity, { values: vote.values, slot, randomness });
    const file = join(folder, `ballot-${encodeHex(randomBytes(8)).slice(2)}.age`);
    const place = { context: election.context, poll: slot.poll.id.poll, slot: slot.nullifier };
    const head = slot.state?.head ?? 0n;
    const ballot = { ...place, head, values: vote.values, randomnessBytes: bytes, fingerprint };
    await writeFile(file, await sealPrepared(ballot, voter.passphrase), { secret: true });
    made.push({ contest: contestAt(election.definition, vote.contest).id, fingerprint, file });
  }
  const lines = made.map(
    ({ contest, fingerprint, file }) =>
      `${contest}: ${file}\n  fingerprint ${groupedForm(fingerprint)}\n  short form  ${shortForm(fingerprint)}`,
  );
  const advice =
    'Note the fingerprints on paper or another device. Then cast with "urna voter cast --prepared <file>", or challenge with "urna voter challenge --prepared <file>" and prepare again.';
  return { data: { ballots: made }, text: [...lines, advice].join('\n') };
}
