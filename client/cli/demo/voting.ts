import { existsSync, rmSync } from 'node:fs';
import { hand, urna } from './party.ts';
import { pathOf, writeOwn } from './files.ts';
import type { Choice, PlannedVoter } from './plan.ts';
import { chapter, each, say } from './stage.ts';
import type { World } from './world.ts';
import type { Party } from './party.ts';

type Voter = PlannedVoter & { readonly party: Party };

/** First votes, in the first round. */
export async function voting(world: World): Promise<void> {
  chapter('Voting opens: voters encrypt and prove their ballots, a box posts them');
  const { voters, chain, times, boxes } = world;
  await chain.advanceTo(times.opensAt + 60);
  const casting = voters.filter(({ vote }) => vote !== undefined);
  const [box] = boxes;
  if (box === undefined) throw new Error('there is no box');
  await each('voters cast', casting, (voter) => ballot(voter, 'cast', voter.vote ?? {}, box));
  const posted = await urna(box, 'box', 'post', 'cast');
  const registered = voters.filter(({ registers }) => registers).length;
  say(
    `${String(posted['counted'])} ballots on chain, ${perUpdate(posted)} gas each; ${registered - casting.length} registered voters stay away`,
  );
}

/** Changed votes and masks, in the second round. */
export async function changing(world: World): Promise<void> {
  chapter(
    'Second round: some voters change their vote; boxes mask every other slot, and nobody can tell which is which',
  );
  const { voters, chain, times, boxes } = world;
  await chain.advanceTo(Math.floor((times.opensAt + times.closesAt) / 2) + 60);
  const changing = voters.filter(({ change }) => change !== undefined);
  await each('voters change', changing, async (voter) => {
    // The client hands a changed vote to every box: the one of the round posts it.
    for (const box of boxes) await ballot(voter, 'change', voter.change ?? {}, box);
  });
  for (const box of boxes) {
    const done = await urna(box, 'box', 'mask', ...(existsSync(pathOf(box, 'change')) ? ['--inbox', 'change'] : []));
    say(
      `${box.name}: ${String(done['counted'])} slots updated, ${String(done['changed'])} of them changed votes, ${perUpdate(done)} gas each`,
    );
  }
}

/** Encrypts a vote and hands it to a box; what was made before is handed over again. The vote file is deleted. */
async function ballot(voter: Voter, verb: 'cast' | 'change', vote: Choice, box: Party): Promise<void> {
  const { party } = voter;
  if (!existsSync(pathOf(party, verb))) {
    writeOwn(party, 'vote.json', JSON.stringify(vote));
    await urna(party, 'voter', verb, '--identity', 'identity.age', '--vote-file', 'vote.json', '--out', verb);
    rmSync(pathOf(party, 'vote.json'));
  }
  hand(party, box, [verb]);
}

function perUpdate(done: Readonly<Record<string, unknown>>): string {
  const [gas, counted] = [Number(done['gas']), Number(done['counted'])];
  return counted === 0 ? '0' : Math.round(gas / counted).toLocaleString('en');
}
