import { createClient, defineChain, http } from 'viem';
import { getChainId } from 'viem/actions';
import { UrnaError, require } from '../../protocol/errors.ts';
import { countSigners } from '../network/clique/signers.ts';
import type { ChainProfile } from '../network/profiles.ts';
import { depthOf } from '../../protocol/seals/clique.ts';
import { toUrnaError } from './errors.ts';
import { createRpc } from './rpc.ts';
import type { Rpc } from './rpc.ts';

/** A node we can talk to; reads go through `rpc`. */
export interface Connection {
  readonly url: string;
  readonly chainId: number;
  /** With as many confirmations as this chain needs: of Clique's signers at the time of connecting. */
  readonly profile: ChainProfile;
  readonly rpc: Rpc;
}

/** How long a node may take for one answer, in milliseconds. */
const TIMEOUT = 30_000;

/** The URL, if it is one of http or https without a user name or password in it. @throws `chain/url` */
export function parseRpcUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  require(usable, 'chain/url', 'the node must be given as an http or https URL without a password in it');
  return text;
}

/**
 * Connects to the node at `url` and asks for its chain.
 *
 * @param expected - the chain id the election names, where it is known
 * @throws `chain/url`, `chain/unreachable`, `chain/wrong-chain`, `chain/signers`
 */
export async function connect(url: string, profile: ChainProfile, expected?: number): Promise<Connection> {
  const transport = http(parseRpcUrl(url), { retryCount: 2, retryDelay: 100, timeout: TIMEOUT });
  const chainId = await asking(getChainId(createClient({ transport })));
  if (expected !== undefined && chainId !== expected) {
    throw new UrnaError('chain/wrong-chain', `the node is of chain ${chainId}, the election of chain ${expected}`);
  }
  const chain = defineChain({
    id: chainId,
    name: profile.name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const rpc = createRpc(chain, transport, profile.pollingInterval);
  return { url, chainId, profile: profile.confirmedBySigners ? await confirmedBy(rpc, profile) : profile, rpc };
}

async function confirmedBy(rpc: Connection['rpc'], profile: ChainProfile): Promise<ChainProfile> {
  const confirmations = Math.max(profile.confirmations, depthOf(await asking(countSigners(rpc))));
  return { ...profile, confirmations };
}

/** The answer, or the `UrnaError` that tells what went wrong (`chain/…`). */
export async function asking<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const known = toUrnaError(error);
    if (known instanceof UrnaError) throw known;
    // viem takes the answer of a node at its word: whatever breaks on it is no answer of a node.
    throw new UrnaError('chain/node', 'the chain’s node gave an answer that makes no sense');
  }
}
