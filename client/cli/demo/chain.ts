import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '../../../contracts/client/connection.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Party } from './party.ts';
import { createParty, urna } from './party.ts';

/** How fast a demo's election goes: on a chain whose clock can be moved, as slowly as a real one. */
export type Pace = 'weeks' | 'minutes';

/** The chain that a demo's election lives on. */
export interface DemoChain {
  readonly url: string;
  readonly id: number;
  readonly profile: 'embedded' | 'clique';
  readonly pace: Pace;
  /** Who seals its blocks, where that is known beforehand. */
  readonly validators: readonly Hex[] | undefined;
  /** Block time of the newest block, Unix seconds. */
  now(): Promise<number>;
  /** Resolves when the newest block is not older than that (Unix seconds). */
  advanceTo(timestamp: number): Promise<void>;
  advance(seconds: number): Promise<void>;
  /** Gives accounts money. */
  fund(addresses: readonly Hex[]): Promise<void>;
  stop(): Promise<void>;
}

/** A chain whose clock is moved forward. */
export function embeddedDemoChain(chain: EmbeddedChain): DemoChain {
  const { url, now, advanceTo, advance, stop } = chain;
  return {
    ...{ url, id: chain.chain.id, profile: 'embedded', pace: 'weeks', validators: undefined, now, advanceTo, advance },
    fund: async (addresses) => {
      for (const address of addresses) await chain.testClient.setBalance({ address, value: 10n ** 20n });
    },
    stop,
  };
}

/** A chain of its own for a demo: embedded, or a Clique network of three geth processes, on which time passes as it does. */
export async function openDemoChain(profile: DemoChain['profile'], root: string): Promise<DemoChain> {
  return profile === 'embedded' ? embeddedDemoChain(await startEmbeddedChain()) : startClique(root);
}

interface ShownNetwork {
  readonly chainId: number;
  readonly validators: readonly { readonly address: Hex; readonly rpc: string }[];
}

async function startClique(root: string): Promise<DemoChain> {
  const builder = fileURLToPath(new URL('../../../contracts/network/geth.sh', import.meta.url));
  execFileSync('bash', [builder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const operator = createParty(root, 'operator');
  const made = (await urna(operator, 'network', 'init')) as unknown as ShownNetwork;
  const stop = async (): Promise<void> => void (await urna(operator, 'network', 'stop'));
  try {
    await urna(operator, 'network', 'start');
    return { ...(await cliqueChain(operator, made)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function cliqueChain(operator: Party, { chainId, validators }: ShownNetwork): Promise<Omit<DemoChain, 'stop'>> {
  const url = validators[0]?.rpc ?? '';
  const { rpc } = await connect(url, chainProfile('clique'), chainId);
  const now = async (): Promise<number> => Number((await rpc.getBlock()).timestamp);
  const advanceTo = async (timestamp: number): Promise<void> => {
    while ((await now()) < timestamp) await pause(500);
  };
  // The first blocks are those on which validators agree who builds on whom.
  while (Number(await rpc.getBlockNumber()) < validators.length) await pause(500);
  return {
    ...{ url, id: chainId, profile: 'clique', pace: 'minutes', now, advanceTo },
    validators: validators.map(({ address }) => address),
    advance: async (seconds) => advanceTo((await now()) + seconds),
    fund: async (addresses) => void (await urna(operator, 'network', 'fund', '--network', 'network', ...addresses)),
  };
}
