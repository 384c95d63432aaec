import { join } from 'node:path';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { verifyOne, terminate } from '../../../protocol/math/groth16.ts';
import { contextBase, updateContext } from '../../../protocol/ballot/slot.ts';
import type { Update } from '../../../protocol/ballot/statement.ts';
import { publicSignals } from '../../../protocol/ballot/statement.ts';
import { at } from '../../../protocol/errors.ts';
import type { BoxProcess } from '../../server/ballot-box/processes.ts';
import { boxProcess } from '../../server/ballot-box/processes.ts';
import type { SimulatedUpdate } from '../../server/simulated-voters.ts';
import { openWorld } from '../../server/world.ts';
import type { ServerWorld } from '../../server/world.ts';
import type { Row } from '../row.ts';
import { median } from '../row.ts';
import { cpuSeconds, memoryOf } from './process-figures.ts';
import { Connections } from './connections.ts';
import type { TimedAnswer } from './senders.ts';
import { offer, sendSome } from './senders.ts';

/** Updates that are timed, after some that warm up. */
const UPDATES = 1_000;
const WARM_UP = 200;
/** Connections of ordinary load. */
const CONNECTIONS = 128;
/** Ballots that may wait for their check; under ten times the load few, so that it meets the bound. */
const MAX_PROOFS = 2_000;
const MAX_FLOODED = 400;
/** The load then, as a multiple of what the box has just taken, for how many seconds, on how many connections at first. */
const OVERLOAD = 10;
const FLOOD_SECONDS = 10;
const FLOOD_CONNECTIONS = 1_000;
const TARGET = 100;
/** Megabytes that a box may take more under ten times the load than under the ordinary one. */
const MEMORY = 256;
const CORES = 2;

interface Bench {
  readonly world: ServerWorld;
  readonly redis: PrivateRedis;
  readonly box: BoxProcess;
  /** Distinct updates with valid proofs, not handed in yet. */
  readonly updates: SimulatedUpdate[];
}

/**
 * Row `box` (DESIGN §5): distinct updates accepted a second over HTTP, proofs checked, on disk before they are answered; the same code as a box runs, with
 * proofs from a key whose trapdoor is known. Then ten times the load.
 */
export async function rows(): Promise<Row[]> {
  const world = await openWorld({ voters: [3, 1], lanes: 4 });
  const redis = await startPrivateRedis(join(world.folder, 'redis'));
  const start = (maxProofs: number): Promise<BoxProcess> =>
    boxProcess({
      ...{ ...world.settings, ...world.boxes[0], redisUrl: redis.url, maxProofs },
      // Little is posted meanwhile: the row is about taking in. With much longer windows a box would promise nothing: it could not post what waits with it.
      ...{ proofThreads: CORES, connectionRate: 10_000, windowSeconds: 60 },
    });
  const [box, flooded] = [await start(MAX_PROOFS), await start(MAX_FLOODED)];
  try {
    await box.start();
    const { voters } = world;
    const updates = Array.from({ length: WARM_UP + 3 * UPDATES }, (_, i) => voters.noise(0, voters.nullifier(i)));
    const bench = { world, redis, box, updates };
    const accepted = await acceptedRows(bench);
    await box.kill();
    await flooded.start();
    const [{ value: rate } = { value: 0 }] = accepted;
    return [...accepted, ...(await overloadRows({ ...bench, box: flooded }, rate))];
  } finally {
    await Promise.all([box, flooded].map((each) => each.kill()));
    await redis.stop();
    await world.close();
  }
}

async function acceptedRows({ world, redis, box, updates }: Bench): Promise<Row[]> {
  const reference = 1000 / (await snarkjsMs(world, updates));
  const connections = new Connections(box.url);
  let accepted = 0;
  const send = (enough: () => boolean): Promise<void> =>
    sendSome(connections, CONNECTIONS, updates, enough, () => void (accepted += 1));
  await send(() => accepted >= WARM_UP);
  const [start, before, cpu] = [performance.now(), accepted, cpuOf({ box, redis })];
  await send(() => accepted - before >= UPDATES - CONNECTIONS);
  const seconds = (performance.now() - start) / 1000;
  const used = cpuOf({ box, redis }) - cpu;
  connections.close();
  const rate = (accepted - before) / seconds;
  const cores = (CORES * (accepted - before)) / used;
  const row = (name: string, value: number): Row => ({
    ...{ name, value, unit: 'updates/s', reference, ratio: value / reference, target: `≥ ${TARGET}` },
    ...{ met: value >= TARGET, samples: accepted - before },
  });
  return [row('box', rate), row('box/two-cores', cores)];
}

/** Processor seconds of the box and of its Redis. */
function cpuOf({ box, redis }: Pick<Bench, 'box' | 'redis'>): number {
  return cpuSeconds(box.pid()) + cpuSeconds(redis.pid);
}

/** Milliseconds of one proof verified by snarkjs. */
async function snarkjsMs(
  { trapdoor, voters, made }: ServerWorld,
  updates: readonly SimulatedUpdate[],
): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 25; i++) {
    const { posted, after } = at(updates, i);
    const { chainId } = made.at.connection;
    const id = { chainId: BigInt(chainId), election: made.at.election, poll: after.poll };
    const context = updateContext(contextBase(id), after.nullifier, after.previousHead);
    const update: Update = { ...posted.update, context };
    const signals = publicSignals(at(voters.polls, after.poll), update);
    const start = performance.now();
    if (!(await verifyOne(trapdoor.key, signals, posted.proof))) throw new Error('snarkjs refuses the proof');
    if (i >= 5) times.push(performance.now() - start);
  }
  await terminate();
  return median(times);
}

/** @param rate - updates a second that a box takes when no more come */
async function overloadRows({ box, updates }: Bench, rate: number): Promise<Row[]> {
  const connections = new Connections(box.url);
  await connections.ready(FLOOD_CONNECTIONS);
  await sendSome(
    connections,
    CONNECTIONS,
    updates.splice(-WARM_UP),
    () => false,
    () => undefined,
  );
  const before = memoryOf(box.pid()).now;
  const answers = await offer(connections, updates, OVERLOAD * rate, FLOOD_SECONDS);
  const grown = memoryOf(box.pid()).peak - before;
  connections.close();
  const accepted = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status, retryAfter }) => status === 503 && retryAfter !== undefined);
  const unanswered = answers.filter(({ status }) => status === 0);
  if (accepted.length + refused.length + unanswered.length < answers.length) {
    throw new Error('the box answered something else than that it took an update or when to come again');
  }
  const seconds = (Math.max(...answers.map(({ answered }) => answered)) - at(answers, 0).sent) / 1000;
  const told = refused.length === 0 ? 0 : median(refused.map(({ retryAfter }) => retryAfter ?? 0));
  const [taken, offered] = [accepted.length / seconds, answers.length / FLOOD_SECONDS];
  const waited = refused.length === 0 ? null : median(waits(accepted, refused));
  const base = { reference: null, ratio: null, target: 'reported', met: null, samples: answers.length };
  return [
    {
      ...base,
      name: 'box/overload/offered',
      value: offered,
      unit: 'updates/s',
      reference: rate,
      ratio: offered / rate,
    },
    { ...base, name: 'box/overload', value: taken, unit: 'updates/s', reference: rate, ratio: taken / rate },
    { ...base, name: 'box/overload/accepted', value: (100 * accepted.length) / answers.length, unit: '%' },
    {
      ...{ ...base, name: 'box/overload/unanswered', value: unanswered.length, unit: 'connections' },
      ...{ target: '0', met: unanswered.length === 0 },
    },
    {
      ...{ ...base, name: 'box/overload/memory', value: grown, unit: 'MB more', reference: before },
      ...{ target: `≤ ${MEMORY}`, met: grown <= MEMORY },
    },
    {
      ...{ ...base, name: 'box/overload/retry-after', value: told, unit: 's', reference: waited },
      ...{ ratio: waited === null ? null : told / waited, samples: refused.length },
    },
  ];
}

/** Seconds that it took, from each refusal, until what waited then was done: the last that was accepted before it. */
function waits(accepted: readonly TimedAnswer[], refused: readonly TimedAnswer[]): number[] {
  return refused.flatMap(({ answered }) => {
    const ahead = accepted.filter(({ sent }) => sent < answered);
    if (ahead.length === 0) return [];
    const last = ahead.reduce((a, b) => (b.sent > a.sent ? b : a));
    return [Math.max(0, last.answered - answered) / 1000];
  });
}
