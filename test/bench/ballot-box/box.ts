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
import { openSenders } from './senders.ts';
import type { Answer } from './senders.ts';

/** Updates that are timed, after some that warm up. */
const UPDATES = 1_000;
const WARM_UP = 200;
/** Connections of ordinary load, and of ten times that. */
const CONNECTIONS = 128;
const FLOOD = 10 * CONNECTIONS;
/** Ballots that may wait for their check; under the flood few, so that it meets the bound. */
const MAX_PROOFS = 2_000;
const MAX_FLOODED = 100;
const FLOOD_MS = 8_000;
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
      // Nothing is posted meanwhile: the row is about taking in.
      ...{ proofThreads: CORES, connectionRate: 10_000, windowSeconds: 3_600 },
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
    return [...accepted, ...(await overloadRows({ ...bench, box: flooded }))];
  } finally {
    await Promise.all([box, flooded].map((each) => each.kill()));
    await redis.stop();
    await world.close();
  }
}

async function acceptedRows({ world, redis, box, updates }: Bench): Promise<Row[]> {
  const reference = 1000 / (await snarkjsMs(world, updates));
  const senders = openSenders(box.url, CONNECTIONS);
  let accepted = 0;
  const count = ({ status }: Answer): void => void (accepted += status === 202 ? 1 : 0);
  await senders.send(updates, () => accepted >= WARM_UP, count);
  const [start, before, cpu] = [performance.now(), accepted, cpuOf({ box, redis })];
  await senders.send(updates, () => accepted - before >= UPDATES - CONNECTIONS, count);
  const seconds = (performance.now() - start) / 1000;
  const used = cpuOf({ box, redis }) - cpu;
  senders.close();
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

async function overloadRows({ box, updates }: Bench): Promise<Row[]> {
  const before = memoryOf(box.pid()).now;
  const senders = openSenders(box.url, FLOOD);
  const told: number[] = [];
  let [accepted, unanswered] = [0, 0];
  const end = performance.now() + FLOOD_MS;
  await senders.send(
    updates,
    () => performance.now() > end,
    ({ status, retryAfter }) => {
      if (status === 202) accepted += 1;
      else if (status === 503 && retryAfter !== undefined) told.push(retryAfter);
      else if (status === 0) unanswered += 1;
      else throw new Error(`the box answered ${status} without saying when to come again`);
    },
  );
  const peak = memoryOf(box.pid()).peak;
  senders.close();
  const grown = peak - before;
  const reported = { reference: null, ratio: null, target: 'reported', met: null };
  // What waits when the box is full takes that long at the rate at which it took updates in.
  const honest = MAX_FLOODED / (accepted / (FLOOD_MS / 1000));
  return [
    { name: 'box/overload', value: accepted / (FLOOD_MS / 1000), unit: 'updates/s', ...reported, samples: told.length },
    { name: 'box/overload/unanswered', value: unanswered, unit: 'connections', ...reported, samples: told.length },
    {
      ...{ name: 'box/overload/memory', value: grown, unit: 'MB more', reference: before, ratio: null },
      ...{ target: `≤ ${MEMORY}`, met: grown <= MEMORY, samples: told.length },
    },
    {
      ...{ name: 'box/overload/retry-after', value: told.length === 0 ? NaN : median(told), unit: 's', ...reported },
      ...{ reference: honest, ratio: told.length === 0 ? null : median(told) / honest, samples: told.length },
    },
  ];
}
