import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';

/**
 * An embedded chain with the rules of the Besu networks that `urna network init` makes: Cancun, no base fee, blocks as large. Besu's own EVM, pool and consensus
 * are not there.
 *
 * @param ether - of each account; a Besu network has no money at all
 */
export async function startBesuRules(ether: number): Promise<EmbeddedChain> {
  const { name, newChain } = chainProfile('besu-qbft');
  const { chainId, gasLimit } = newChain;
  const started = await startEmbeddedChain({
    ...{ chainId, gasLimit: Number(gasLimit), hardfork: 'cancun', baseFee: 0, ether },
  });
  return { ...started, chain: { ...started.chain, name } };
}
