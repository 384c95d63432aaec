import { execFileSync } from 'node:child_process';
import { connect } from '../../../contracts/client/connection.ts';
import { pathsOf, validatorOf } from '../../../contracts/network/clique/folder.ts';
import { runningPid, stopNode } from '../../../contracts/network/clique/node.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { openElection } from '../../contracts/ballots/open-election.ts';
import type { TestConfig } from '../../contracts/fixture/config.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { startCliqueChain } from '../../contracts/network/clique-chain.ts';
import type { Row } from '../row.ts';
import { median } from '../row.ts';
import type { Sustained } from './load.ts';
import { BATCH, casts, latencies, saturate, signed, warmUp } from './load.ts';
import { precompileBound } from './precompile.ts';

/** What is measured on. */
interface Plan {
  readonly validators: number;
  /** Of a block. */
  readonly gasLimit: bigint;
  /** Batches sent at once. */
  readonly atOnce: number;
}
/** One signer alone is to be held up by what a block's pairings take, not by how much a block may hold. */
const ONE: Plan = { validators: 1, gasLimit: 240_000_000n, atOnce: 80 };
const THREE: Plan = { validators: 3, gasLimit: 80_000_000n, atOnce: 40 };
/** Batches sent one after the other at half the speed. */
const PACED = 20;

interface Measured extends Sustained {
  readonly atOnce: number;
  /** Updates a second if there were nothing but the pairing. */
  readonly bound: number;
  readonly latencies: readonly number[];
  /** Processor time of all validators together for an update, in milliseconds. */
  readonly processor: number;
  /** Bytes on a validator's disk for an update. */
  readonly stored: number;
}

/** Minutes instead of weeks: time passes on this chain as it does. */
const soon =
  (now: number, members: number) =>
  ({ times, voters }: TestConfig): void => {
    const at = (seconds: number): bigint => BigInt(now + seconds);
    Object.assign(times, { registrationOpens: at(150), registrationCloses: at(155), challengeSeconds: 20n });
    voters[0] = BigInt(members);
    Object.assign(times, { opensAt: at(300), closesAt: at(20_000), graceSeconds: 40n, settleSeconds: 20n });
  };

/** Seconds of processor time of all validators so far. */
async function processorTime({ folder, network }: CliqueTestChain): Promise<number> {
  const pids = await Promise.all(network.validators.map((node) => runningPid(folder, node)));
  const times = execFileSync('ps', ['-o', 'cputimes=', '-p', pids.filter((pid) => pid !== undefined).join(',')]);
  return times
    .toString()
    .trim()
    .split('\n')
    .reduce((sum, each) => sum + Number(each), 0);
}

/** Bytes of the last validator's data, everything written down: it is stopped for that. */
async function storedBytes({ folder, network, start }: CliqueTestChain): Promise<number> {
  const node = validatorOf(network, network.validators.length);
  await stopNode(folder, node);
  const bytes = execFileSync('du', ['-sb', pathsOf(folder).node(node.number).data]).toString();
  await start(node.number);
  return parseInt(bytes, 10);
}

async function measure({ validators, gasLimit, atOnce }: Plan): Promise<Measured> {
  const chain = await startCliqueChain(validators, gasLimit);
  try {
    // Beside the measured ones the first cast of all, and a batch to warm up.
    const members = (atOnce + PACED + 2) * BATCH;
    const change = soon(await chain.now(), members);
    const election = await openElection(members, { chain, change });
    const gas = ((await warmUp(election)) * 102n) / 100n;
    const all = await signed(election, casts(election, 2 * BATCH, atOnce + PACED), gas);
    const bound = await precompileBound(chain.publicClient, BATCH);
    const { confirmations } = (await connect(chain.url, chainProfile('clique'))).profile;
    const before = { stored: await storedBytes(chain), time: await processorTime(chain) };
    const sustained = await saturate(chain, all.slice(0, atOnce));
    const processor = (1000 * ((await processorTime(chain)) - before.time)) / (atOnce * BATCH);
    const rate = sustained.updatesPerSecond / 2;
    const waited = await latencies(chain, all.slice(atOnce), rate, confirmations);
    const stored = ((await storedBytes(chain)) - before.stored) / ((atOnce + PACED) * BATCH);
    return { ...sustained, atOnce, bound, latencies: waited, processor, stored };
  } finally {
    await chain.stop();
  }
}

function reported(name: string, value: number, unit: string, samples = 1): Row {
  return { name, value, unit, reference: null, ratio: null, target: 'reported', met: null, samples };
}

function rowsOf(
  name: string,
  measured: Measured,
  least: { readonly ratio: number } | { readonly rate: number },
): Row[] {
  const { updatesPerSecond, bound, gasPerSecond, fill, processor, stored } = measured;
  const ratio = updatesPerSecond / bound;
  const met = 'ratio' in least ? ratio >= least.ratio : updatesPerSecond >= least.rate;
  const target = 'ratio' in least ? `ratio ≥ ${least.ratio}` : `≥ ${least.rate}`;
  const waits = [...measured.latencies].sort((a, b) => a - b);
  const p99 = waits[Math.ceil(0.99 * waits.length) - 1] ?? NaN;
  return [
    {
      name,
      value: updatesPerSecond,
      unit: 'updates/s',
      reference: bound,
      ratio,
      target,
      met,
      samples: measured.atOnce,
    },
    reported(`${name}/gas`, gasPerSecond / 1e6, 'Mgas/s'),
    reported(`${name}/fill`, 100 * fill, '%'),
    reported(`${name}/latency-p50`, median(waits), 's', waits.length),
    reported(`${name}/latency-p99`, p99, 's', waits.length),
    reported(`${name}/processor`, processor, 'ms/update'),
    reported(`${name}/stored`, stored, 'bytes/update'),
  ];
}

/**
 * Rows `chain/…` (DESIGN §5): first casts of eight options in batches of a hundred, proofs simulated with a test-only key, on Clique networks of one and
 * of three geth processes that share this machine. The reference is what one node's pairing alone allows. Takes some ten minutes, of which the phases of
 * an election on a chain whose time cannot be moved are the most.
 */
export async function rows(): Promise<Row[]> {
  const one = await measure(ONE);
  const three = await measure(THREE);
  return [...rowsOf('chain/one-signer', one, { ratio: 0.85 }), ...rowsOf('chain/three-signers', three, { rate: 80 })];
}
