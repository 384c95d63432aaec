import { createPublicClient, http } from 'viem';
import type { Hex } from '../../../protocol/encoding.ts';
import type { CliqueNetwork, ValidatorNode } from './folder.ts';
import { runningPid } from './node.ts';

/** What is known of a validator; the members after `answers` are of a node that answers. */
export interface ValidatorStatus {
  readonly number: number;
  readonly address: Hex;
  readonly rpc: string;
  readonly pid: number | null;
  readonly answers: boolean;
  readonly head?: number;
  readonly hash?: Hex;
  /** Seconds since the newest block's time. */
  readonly age?: number;
  readonly peers?: number;
  /** Whether the chain counts it among its signers. */
  readonly signs?: boolean;
  /** Whether it may seal the next block on its head: a signer seals one in ⌊N/2⌋ + 1. */
  readonly maySeal?: boolean;
}

/**
 * Whether a chain goes on; if not, `too-few` run; they are `tied`, as only one more can change; or they are `waiting` for each other or for a block
 * that is late.
 */
export type Progress = 'goes-on' | 'too-few' | 'tied' | 'waiting';

/** Seconds, beside two periods, after which a head is old: nobody has sealed on it. */
const OLD = 10;

/**
 * How it is with a chain whose validators are like this. With ⌊N/2⌋ + 1 of them left, two may seal different blocks of the same height and
 * difficulty, where the one that was to seal there is away. geth lets chance decide which of them a node keeps (core/forkchoice.go), so that
 * either may stay with its own, and no one is left who may seal the next. The same comes of a heavier block that a node has thrown away.
 */
export function progressOf({ period }: CliqueNetwork, validators: readonly ValidatorStatus[]): Progress {
  const alive = validators.filter(({ answers }) => answers);
  const sealing = alive.filter(({ age = Infinity }) => age < OLD + 2 * period);
  if (2 * sealing.length > validators.length) return 'goes-on';
  if (2 * alive.length <= validators.length) return 'too-few';
  const stuck = alive.every(({ peers = 0, maySeal }) => peers >= alive.length - 1 && maySeal === false);
  return stuck && new Set(alive.map(({ hash }) => hash)).size > 1 ? 'tied' : 'waiting';
}

/** How all validators of a network are. */
export function statusOf(folder: string, network: CliqueNetwork): Promise<ValidatorStatus[]> {
  return Promise.all(network.validators.map((node) => validatorStatus(folder, node)));
}

async function validatorStatus(folder: string, node: ValidatorNode): Promise<ValidatorStatus> {
  const { number, address, rpc } = node;
  const pid = (await runningPid(folder, node)) ?? null;
  const known = { number, address, rpc, pid };
  const client = createPublicClient({ transport: http(rpc, { retryCount: 0, timeout: 5_000 }), cacheTime: 0 });
  try {
    const ask = (method: string): Promise<unknown> => client.request({ method, params: [] } as never);
    const [block, peers, snapshot] = await Promise.all([
      client.getBlock(),
      ask('net_peerCount'),
      ask('clique_getSnapshot') as Promise<Snapshot>,
    ]);
    return {
      ...{ ...known, answers: true, head: Number(block.number), hash: block.hash },
      age: Math.max(0, Math.round(Date.now() / 1000) - Number(block.timestamp)),
      ...{ peers: Number(peers), ...rightsOf(address, snapshot) },
    };
  } catch {
    return { ...known, answers: false };
  }
}

/** What a node says of a Clique chain's signers as of its head; addresses in any case. */
interface Snapshot {
  readonly number: number;
  readonly signers: Readonly<Record<string, unknown>>;
  /** Who sealed which of the last blocks. */
  readonly recents: Readonly<Record<string, string>>;
}

/** EIP-225, and geth's `Clique.Seal`. */
function rightsOf(address: Hex, { number, signers, recents }: Snapshot) {
  const all = Object.keys(signers);
  const own = Object.entries(recents).filter(([, signer]) => signer.toLowerCase() === address);
  const [next, limit] = [number + 1, Math.floor(all.length / 2) + 1];
  const signs = all.some((each) => each.toLowerCase() === address);
  return { signs, maySeal: signs && !own.some(([seen]) => next < limit || Number(seen) > next - limit) };
}
