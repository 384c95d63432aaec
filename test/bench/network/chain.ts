import type { Hex } from '../../../protocol/encoding.ts';
import { connect } from '../../../contracts/client/connection.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { openElection } from '../../contracts/ballots/open-election.ts';
import type { TestConfig } from '../../contracts/fixture/config.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { startCliqueChain } from '../../contracts/network/clique-chain.ts';
import type { Row } from '../row.ts';
import { median } from '../row.ts';
import type { Sustained } from './load.ts';
import { BATCH, batchesInBlock, casts, latencies, saturate, signed, warmUp } from './load.ts';
import { processorTime, storedBytes } from './nodes.ts';
import type { Precompiles } from './precompile.ts';
import { precompilesOn } from './precompile.ts';
import type { Cost } from './proved.ts';
import { PROVED, compareCosts, proveBatch } from './proved.ts';

/** What is measured on. */
interface Plan {
  readonly validators: number;
  /** Of a block: so much that its pairings take longer than the second that a block has. */
  readonly gasLimit: bigint;
  /** Full blocks sent at once, of which all but the first are measured. */
  readonly blocks: number;
}
const ONE: Plan = { validators: 1, gasLimit: 120_000_000n, blocks: 4 };
const THREE: Plan = { validators: 3, gasLimit: 80_000_000n, blocks: 4 };
/** Times that pools are filled; before, between and after them the pairing alone and all precompiles are measured, so often. */
const [ROUNDS, SAMPLES] = [3, 5];
/** Per cent by which the pairing alone may differ from round to round on a machine that does nothing else. */
const MOST_SPREAD = 10;
/** Batches sent one after the other at half the speed. */
const PACED = 100;
/** Gas that a batch of first casts is to need at least, when nothing is known yet. */
const LEAST_GAS = 8_000_000n;

/** One filling of the pools, between two measurements of the pairing alone. */
interface Round extends Sustained {
  /** Updates a second if there were nothing but the pairing, and nothing but all that a batch asks of precompiles; before and after. */
  readonly bound: number;
  readonly wholeBound: number;
  /** Milliseconds of processor time for an update, of all validators together. */
  readonly processor: number;
}

interface Measured {
  readonly rounds: readonly Round[];
  readonly updates: number;
  /** Milliseconds of a validator's processor time for the pairing alone, an update. */
  readonly pairing: number;
  readonly latencies: readonly number[];
  /** Bytes on a validator's disk for an update. */
  readonly stored: number;
  readonly costs: { readonly simulated: Cost; readonly proved: Cost } | undefined;
}

/** Seconds from the start of everything to voting: minutes instead of weeks, as time passes on this chain as it does. */
const TIMES = { registrationOpens: 150, registrationCloses: 155, opensAt: 300, closesAt: 20_000 };

const soon =
  (now: number, members: number) =>
  ({ times, voters }: TestConfig): void => {
    for (const [name, seconds] of Object.entries(TIMES)) Object.assign(times, { [name]: BigInt(now + seconds) });
    Object.assign(times, { challengeSeconds: 60n, graceSeconds: 40n, settleSeconds: 20n });
    voters[0] = BigInt(members);
  };

const soonDefined = (now: number): Record<string, number> => ({
  ...Object.fromEntries(Object.entries(TIMES).map(([name, seconds]) => [name, now + seconds])),
  ...{ challengeSeconds: 60, graceSeconds: 40, settleSeconds: 20, maxExtensionSeconds: 600 },
});

async function measure({ validators, gasLimit, blocks }: Plan): Promise<Measured> {
  const chain = await startCliqueChain(validators, gasLimit);
  try {
    const most = ROUNDS * blocks * batchesInBlock(gasLimit, LEAST_GAS, LEAST_GAS) + PACED;
    // Beside the measured ones the first cast of all, a batch to warm up and one to compare proved ballots with.
    const members = (most + 3) * BATCH;
    const change = soon(await chain.now(), members);
    // What really proved ballots cost is the same on every chain.
    const proved = validators === 1 ? proveBatch(chain, soonDefined) : undefined;
    const [election, batch] = await Promise.all([openElection(members, { chain, change }), proved]);
    const before = await storedBytes(chain);
    const used = await warmUp(election);
    const gas = (used * 102n) / 100n;
    const costs = batch && (await compareCosts(election, batch, (most + 2) * BATCH));
    await batch?.world.close();
    const atOnce = blocks * batchesInBlock(gasLimit, used, gas);
    const all = await signed(election, casts(election, 2 * BATCH, ROUNDS * atOnce + PACED), gas);
    const precompiles = await precompilesOn(chain.publicClient, BATCH);
    const begun = await processorTime(chain);
    await precompiles('pairing', SAMPLES);
    const pairing = (1000 * ((await processorTime(chain)) - begun)) / (SAMPLES * BATCH);
    const rounds: Round[] = [];
    let last = await boundsOf(precompiles);
    for (let i = 0; i < ROUNDS; i++) {
      const round = await measureRound(chain, all.slice(i * atOnce, (i + 1) * atOnce), last, precompiles);
      rounds.push(round.measured);
      last = round.after;
    }
    const { confirmations } = (await connect(chain.url, chainProfile('clique'))).profile;
    const rate = median(rounds.map(({ updatesPerSecond }) => updatesPerSecond)) / 2;
    const waited = await latencies(chain, all.slice(ROUNDS * atOnce), rate, confirmations);
    const updates = all.length * BATCH;
    const stored = ((await storedBytes(chain)) - before) / updates;
    return { rounds, updates: ROUNDS * atOnce * BATCH, pairing, latencies: waited, stored, costs };
  } finally {
    await chain.stop();
  }
}

/** Seconds that a batch's pairing alone takes, and all that it asks of precompiles, by turns. */
interface Bounds {
  readonly pairing: readonly number[];
  readonly all: readonly number[];
}

async function boundsOf(precompiles: Precompiles): Promise<Bounds> {
  const [pairing, all]: [number[], number[]] = [[], []];
  for (let i = 0; i < SAMPLES; i++) {
    pairing.push(...(await precompiles('pairing', 1)));
    all.push(...(await precompiles('all', 1)));
  }
  return { pairing, all };
}

/** @param before - measured just before */
async function measureRound(
  chain: CliqueTestChain,
  transactions: readonly Hex[],
  before: Bounds,
  precompiles: Precompiles,
): Promise<{ readonly measured: Round; readonly after: Bounds }> {
  const begun = await processorTime(chain);
  const sustained = await saturate(chain, transactions);
  const processor = (1000 * ((await processorTime(chain)) - begun)) / (transactions.length * BATCH);
  const after = await boundsOf(precompiles);
  const bound = BATCH / median([...before.pairing, ...after.pairing]);
  const wholeBound = BATCH / median([...before.all, ...after.all]);
  return { measured: { ...sustained, bound, wholeBound, processor }, after };
}

function reported(name: string, value: number, unit: string, samples = 1, reference: number | null = null): Row {
  const ratio = reference === null ? null : value / reference;
  return { name, value, unit, reference, ratio, target: 'reported', met: null, samples };
}

function rowsOf(
  name: string,
  { rounds, updates, pairing, latencies: waited, stored }: Measured,
  least: { readonly ratio: number } | { readonly rate: number },
): Row[] {
  const middle = (of: (round: Round) => number): number => median(rounds.map(of));
  const value = middle((round) => round.updatesPerSecond);
  const bounds = rounds.map(({ bound }) => bound);
  const spread = 100 * (Math.max(...bounds) / Math.min(...bounds) - 1);
  const ratioTo = (bound: (round: Round) => number): number =>
    // Of each round by what was measured beside it: another program on the machine holds both up.
    middle((round) => round.updatesPerSecond / bound(round));
  // No node does more than its precompiles let it: where it seems so, or the bound itself wavers, other programs were measured.
  const isQuiet = spread <= MOST_SPREAD && ratioTo(({ wholeBound }) => wholeBound) <= 1;
  const against = (part: string, bound: (round: Round) => number): Row => {
    const ratio = ratioTo(bound);
    const row = { name: `${name}${part}`, value, unit: 'updates/s', reference: middle(bound), ratio, samples: updates };
    if ('rate' in least) return { ...row, target: 'reported', met: null };
    return { ...row, target: `ratio ≥ ${least.ratio}`, met: isQuiet ? ratio >= least.ratio : null };
  };
  const waits = [...waited].sort((a, b) => a - b);
  const p99 = waits[Math.ceil(0.99 * waits.length) - 1] ?? NaN;
  const alone = against('', ({ bound }) => bound);
  return [
    'rate' in least ? { ...alone, target: `≥ ${least.rate}`, met: value >= least.rate } : alone,
    against('/of-all-precompiles', ({ wholeBound }) => wholeBound),
    reported(`${name}/bound-spread`, spread, '%', bounds.length),
    reported(`${name}/gas`, middle(({ gasPerSecond }) => gasPerSecond) / 1e6, 'Mgas/s', rounds.length),
    reported(`${name}/fill`, 100 * middle(({ fill }) => fill), '%', rounds.length),
    reported(`${name}/latency-p50`, median(waits), 's', waits.length),
    reported(`${name}/latency-p99`, p99, 's', waits.length),
    reported(
      `${name}/processor`,
      middle((round) => round.processor),
      'ms/update',
      rounds.length,
      pairing,
    ),
    reported(`${name}/stored`, stored, 'bytes/update'),
  ];
}

/** What really proved ballots cost, beside simulated ones. */
function provedRows({ costs }: Measured): Row[] {
  if (costs === undefined) return [];
  const { simulated, proved } = costs;
  return [
    reported('chain/proved/gas', proved.gas, 'gas/update', PROVED, simulated.gas),
    reported('chain/proved/time', proved.time, 'ms/update', PROVED, simulated.time),
  ];
}

/**
 * Rows `chain/…` (DESIGN §5): first casts of eight options in batches of a hundred, proofs simulated with a test-only key, on Clique networks of one and
 * of three geth processes that share this machine. The reference is what one node's pairing alone allows; that of `of-all-precompiles`, what all allow that
 * a batch asks of precompiles, products and sums of points as well; that of `processor`, the pairing's own processor time. Rows `chain/proved/…` hold a
 * batch of really proved ballots against one of simulated ones, on the same node. Takes half an hour: the phases of an election on a chain whose time
 * cannot be moved, fifty thousand simulated proofs, and twice a hundred batches at half the speed.
 */
export async function rows(): Promise<Row[]> {
  const one = await measure(ONE);
  const three = await measure(THREE);
  return [
    ...rowsOf('chain/one-signer', one, { ratio: 0.85 }),
    ...rowsOf('chain/three-signers', three, { rate: 80 }),
    ...provedRows(one),
  ];
}
