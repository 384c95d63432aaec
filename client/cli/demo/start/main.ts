import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EmbeddedChain } from '../../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../../contracts/network/embedded.ts';
import { UrnaError } from '../../../../protocol/errors.ts';
import { codeOf, exitOf } from '../../../../protocol/node/exit-codes.ts';
import { freePort } from '../services.ts';
import { chapter, endWithChildren, say } from '../stage.ts';
import { configuredRedis } from './configured-redis.ts';
import { untilEnter } from './enter.ts';
import { forgetRunning, noteRunning, requireAlone } from './running.ts';
import type { Letter, Sample, SampleServices } from './sample.ts';
import { makeSample, startServices } from './sample.ts';
import { showLetters, showSample } from './show.ts';

/** Seconds between genesis and the opening of the sample election (its timetable: `draft.ts`). */
const BEFORE_OPENING = 25 * 86_400;
/** Milliseconds between two blocks where nobody sends anything: the chain's clock is its newest block's. */
const BLOCK_PAUSE = 2_000;
const CHAIN_PORT = 8545;

const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean' },
    registration: { type: 'boolean' },
    folder: { type: 'string', default: '.start' },
    redis: { type: 'string', multiple: true },
  },
});
const root = resolve(values.folder);

try {
  await run();
} catch (error) {
  process.stderr.write(`\ncannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitOf(codeOf(error));
}

/** `npm start`: chain, services and a sample election on this machine, until Ctrl-C. A second start goes on with the same data. */
async function run(): Promise<void> {
  const redis = configuredRedis(values.redis ?? [], process.env);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  requireAlone(root);
  const file = join(root, 'sample.json');
  if (values.fresh === true || !existsSync(file)) rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Sample) : undefined;
  const undo = endWithChildren();
  const chain = await startChain(known);
  let started: SampleServices | undefined;
  try {
    if (known === undefined) {
      process.stdout.write('A sample election is made first; this takes about two minutes, once.\n');
      const made = await makeSample({ root, chain, note: say, redis, registering });
      started = made.started;
      writeFileSync(file, JSON.stringify(made.sample, null, 2));
      showSample(made.sample, started);
    } else {
      chapter('The services start');
      started = await startServices(root, known, say, redis);
      showSample(known, started);
    }
    noteRunning(root, [process.pid, ...started.services.running.flatMap(({ pids }) => pids)]);
    undo();
    await untilTold(chain);
    process.stdout.write('\nEnding; "npm start" goes on with the same data.\n');
  } finally {
    await started?.services.stop();
    await chain.stop();
    forgetRunning(root);
  }
}

/**
 * In a terminal, or with `--registration`, people may register before the roll is made, for as long as whoever started this likes. Where nobody could
 * say that it is enough, as under a service manager, voting opens at once, for those who have registered.
 */
async function registering(letters: readonly Letter[], started: SampleServices): Promise<void> {
  if (values.registration !== true && !process.stdin.isTTY) return;
  showLetters(letters, started);
  await untilEnter();
}

/** The chain's state is in a file; what a killed chain forgot of its last seconds, everybody reads again. */
async function startChain(known: Sample | undefined): Promise<EmbeddedChain> {
  const wanted = known === undefined ? CHAIN_PORT : Number(new URL(known.rpc).port);
  const port = await freePort(wanted);
  if (known !== undefined && port !== wanted)
    throw new UrnaError(
      'start/port',
      `another program uses port ${wanted}, where the chain of this folder was: end it, or give --fresh`,
    );
  const stateFile = join(root, 'chain.json');
  const genesis = known === undefined ? { timestamp: Math.floor(Date.now() / 1000) - BEFORE_OPENING } : {};
  return startEmbeddedChain({ port, stateFile, ...genesis });
}

/** Lets the chain's clock go with the wall's until Ctrl-C. */
async function untilTold(chain: EmbeddedChain): Promise<void> {
  const clock = setInterval(() => void tick(chain), BLOCK_PAUSE);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  clearInterval(clock);
}

async function tick(chain: EmbeddedChain): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  try {
    if ((await chain.now()) + BLOCK_PAUSE / 1000 <= now) await chain.testClient.mine({ blocks: 1 });
  } catch {
    // The chain is ending, or busy: the next tick tries again.
  }
}
