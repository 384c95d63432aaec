import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedChain } from '../../../../contracts/network/embedded.ts';
import type { ServiceProcess } from '../../../../server/start/service-process.ts';
import { ceremony, credentials, define } from '../before.ts';
import { embeddedDemoChain } from '../chain.ts';
import { registration, roll } from '../online.ts';
import type { Party } from '../party.ts';
import { planVoters } from '../plan.ts';
import type { PlannedVoter } from '../plan.ts';
import type { ConfiguredRedis } from '../services.ts';
import { Services, placeOf, untilPublic } from '../services.ts';
import type { World } from '../world.ts';
import { createWorld } from '../world.ts';

/** Voters of the sample election who are registered and can vote. */
const READY = 8;

/** What is kept of a sample election between two starts. */
export interface Sample {
  readonly rpc: string;
  readonly election: string;
  readonly publicFolder: string;
  readonly registrar: Party;
  readonly boxes: readonly Party[];
  readonly voters: readonly Pick<PlannedVoter, 'name' | 'district'>[];
  /** Folders of the voters, in the same order. */
  readonly folders: readonly string[];
  /** Unix seconds. */
  readonly closesAt: number;
}

/** Services of a sample election, and where they answer. */
export interface SampleServices {
  readonly services: Services;
  readonly registrar: ServiceProcess;
  readonly boxes: readonly ServiceProcess[];
  readonly open: ServiceProcess;
}

/** Everybody has a letter; some have registered and vote when they like. */
function samplePlan(): PlannedVoter[] {
  return planVoters().map(({ id, name, district }, i) => ({ id, name, district, registers: i % 4 === 0 }));
}

/** Starts the services of a sample election, or of one that is being made. */
export async function startServices(
  root: string,
  sample: Pick<Sample, 'rpc' | 'election' | 'publicFolder' | 'registrar' | 'boxes'>,
  note: (line: string) => void,
  redis: ConfiguredRedis,
): Promise<SampleServices> {
  const services = new Services(join(root, 'services'), sample, note, redis);
  try {
    const registrar = await services.startEligibility(sample.registrar);
    const boxes: ServiceProcess[] = [];
    for (const [i, box] of sample.boxes.entries()) boxes.push(await services.startBox(box, `box-${i + 1}`));
    return { services, registrar, boxes, open: await services.startPublic() };
  } catch (error) {
    await services.stop();
    throw error;
  }
}

/** A voter who has a letter and has not registered. */
export interface Letter extends Pick<PlannedVoter, 'name' | 'district'> {
  readonly path: string;
}

/** What a sample election is made with. */
export interface Making {
  /** Its folder. */
  readonly root: string;
  readonly chain: EmbeddedChain;
  readonly note: (line: string) => void;
  readonly redis: ConfiguredRedis;
  /** What happens while registration is open, with the letters of those who have not registered. */
  readonly registering: (letters: readonly Letter[], started: SampleServices) => Promise<void>;
}

/**
 * Makes an election up to open voting, as the commission and its voters would: definition, contracts, credentials, keys, registrations over
 * HTTP, roll. The chain's clock runs through the weeks that this takes and arrives at today.
 */
export async function makeSample({
  root,
  chain,
  note,
  redis,
  registering,
}: Making): Promise<{ sample: Sample; started: SampleServices }> {
  const world = await createWorld(join(root, 'parties'), embeddedDemoChain(chain), samplePlan());
  await define(world);
  await credentials(world);
  await ceremony(world);
  const parties = { registrar: bare(world.registrar), boxes: world.boxes.map(bare) };
  const started = await startServices(root, { ...placeOf(world), ...parties }, note, redis);
  try {
    await registration(world, started.registrar.url);
    await registering(lettersOf(world), started);
    await roll(world, started.open);
    await chain.advanceTo(Math.max(world.times.opensAt + 1, Math.floor(Date.now() / 1000)));
    await untilPublic(started.open, '/v1/election', ({ phase }: { readonly phase: string }) => phase === 'open');
    return { sample: sampleOf(world, parties), started };
  } catch (error) {
    await started.services.stop();
    throw error;
  }
}

function lettersOf({ voters }: World): Letter[] {
  const without = voters.filter(({ registers }) => !registers);
  return without.map(({ id, name, district, party }) => ({ name, district, path: join(party.folder, `${id}.txt`) }));
}

function sampleOf(world: World, parties: Pick<Sample, 'registrar' | 'boxes'>): Sample {
  const ready = world.voters.filter(({ registers }) => registers).slice(0, READY);
  for (const { party, district } of ready) {
    // The choice is the voter's: an example to be changed.
    const vote = { bridge: ['yes'], ...(district === 'south' && { projects: ['trees', 'school'] }) };
    writeFileSync(join(party.folder, 'vote.json'), `${JSON.stringify(vote, null, 2)}\n`, { mode: 0o600 });
  }
  return {
    ...placeOf(world),
    ...parties,
    voters: ready.map(({ name, district }) => ({ name, district })),
    folders: ready.map(({ party }) => party.folder),
    closesAt: world.times.closesAt,
  };
}

function bare({ name, folder }: Party): Party {
  mkdirSync(folder, { recursive: true });
  return { name, folder };
}
