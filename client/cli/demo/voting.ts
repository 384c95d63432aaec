import { existsSync, rmSync } from 'node:fs';
import type { ServiceProcess } from '../../../server/start/service-process.ts';
import { urna } from './party.ts';
import { pathOf, writeOwn } from './files.ts';
import { expectedBallots } from './plan.ts';
import type { Choice, PlannedVoter } from './plan.ts';
import { untilPublic } from './services.ts';
import { chapter, each, say } from './stage.ts';
import type { World } from './world.ts';
import type { Party } from './party.ts';

type Voter = PlannedVoter & { readonly party: Party };

/** Addresses of the boxes' services, and the public service. */
export interface Voting {
  readonly boxes: readonly string[];
  readonly open: ServiceProcess;
}

interface ShownTurnout {
  readonly polls: readonly { readonly poll: number; readonly ballots: number }[];
}

/** First votes, in the first round: the boxes post them by themselves. */
export async function voting(world: World, { boxes, open }: Voting): Promise<void> {
  chapter('Voting opens: voters encrypt and prove their ballots and hand them to a box, which posts them');
  say('every third voter reads what that takes from the public service, among decoys, the others from a node');
  const { voters, chain, times } = world;
  await chain.advanceTo(times.opensAt + 1);
  const casting = voters.filter(({ vote }) => vote !== undefined);
  await each('voters cast', casting, (voter) => ballot(world, voter, 'cast', { boxes, open }));
  const ballots = Object.values(expectedBallots(voters)).reduce((sum, each) => sum + each, 0);
  const total = ({ polls }: ShownTurnout): number => polls.reduce((sum, poll) => sum + poll.ballots, 0);
  await untilPublic(
    open,
    '/v1/turnout',
    (turnout: ShownTurnout) => total(turnout) === ballots,
    () => chain.advance(5),
  );
  const registered = voters.filter(({ registers }) => registers).length;
  say(`${ballots} ballots are on chain; ${registered - casting.length} registered voters stay away`);
}

interface ShownSlots {
  readonly slots: readonly { readonly round: number }[];
}

/** Changed votes and masks, in the second round. */
export async function changing(world: World, { boxes, open }: Voting): Promise<void> {
  chapter(
    'Second round: some voters change their vote; boxes mask every other slot, and nobody can tell which is which',
  );
  const { voters, chain, times } = world;
  await chain.advanceTo(Math.floor((times.opensAt + times.closesAt) / 2) + 1);
  const changing = voters.filter(({ change }) => change !== undefined);
  await each('voters change', changing, (voter) => ballot(world, voter, 'change', { boxes, open }));
  await untilUpdated(world, open, 1, times.closesAt);
}

/** Every slot gets one update in the last round, too: the boxes' last masks, after the close. */
export async function lastRound(world: World, { open }: Voting): Promise<void> {
  chapter('Voting closes: in the time of grace the boxes update every slot once more');
  const { chain, times } = world;
  await chain.advanceTo(times.closesAt + 1);
  await untilUpdated(world, open, 2, times.closesAt + times.graceSeconds);
}

/** Lets a round pass in twentieths until every slot was updated in it. @param end - of the round, Unix seconds */
async function untilUpdated({ chain }: World, open: ServiceProcess, round: number, end: number): Promise<void> {
  const step = Math.max(1, Math.floor((end - (await chain.now())) / 20));
  const pass = async (): Promise<void> => {
    const next = (await chain.now()) + step;
    if (next < end - step) await chain.advanceTo(next);
  };
  const { polls } = await untilPublic<ShownTurnout>(open, '/v1/turnout', () => true);
  let updated = 0;
  for (const { poll, ballots } of polls.filter((each) => each.ballots > 0)) {
    const isDone = ({ slots }: ShownSlots): boolean => slots.every((slot) => slot.round === round);
    await untilPublic(open, `/v1/slots/${poll}/0`, isDone, pass);
    updated += ballots;
  }
  say(`${updated} slots updated, each once: a changed vote stands where a mask would`);
}

/** Encrypts a vote and hands it to the boxes; every third voter reads what that takes from the public service. The vote file is deleted. */
async function ballot(
  { voters }: World,
  voter: Voter,
  verb: 'cast' | 'change',
  { boxes, open }: Voting,
): Promise<void> {
  const { party, district } = voter;
  const vote: Choice = (verb === 'cast' ? voter.vote : voter.change) ?? {};
  writeOwn(party, 'vote.json', JSON.stringify(vote));
  const from = voters.indexOf(voter) % 3 === 1 ? ['--service', open.url, '--district', district] : [];
  const own = ['--identity', 'identity.age', '--vote-file', 'vote.json', '--out', verb];
  await urna(party, 'voter', verb, ...own, ...from, ...boxes.flatMap((url) => ['--box', url]));
  if (existsSync(pathOf(party, 'vote.json'))) rmSync(pathOf(party, 'vote.json'));
}
