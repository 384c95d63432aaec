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
    const [block, peers, signers] = await Promise.all([
      client.getBlock(),
      ask('net_peerCount'),
      ask('clique_getSigners'),
    ]);
    return {
      ...{ ...known, answers: true, head: Number(block.number), hash: block.hash },
      age: Math.max(0, Math.round(Date.now() / 1000) - Number(block.timestamp)),
      ...{ peers: Number(peers), signs: (signers as string[]).some((each) => each.toLowerCase() === address) },
    };
  } catch {
    return { ...known, answers: false };
  }
}
