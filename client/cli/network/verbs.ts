import { once } from 'node:events';
import { mineAt, setBalance } from '../../../contracts/network/embedded-rpc.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { readNetwork } from '../../../contracts/network/clique/folder.ts';
import { fundFromTreasury } from '../../../contracts/network/clique/fund.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { readAddress } from '../election/definition-file.ts';
import { optional, setting, unixTime, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';

/** 100 ether. */
const FUNDS = 10n ** 20n;

/** `urna network embedded`: the embedded development chain, until it is interrupted. Its address is told on stderr when it is ready. */
export async function embedded(call: Invocation): Promise<Outcome> {
  const state = optional(call, 'state');
  const port = optional(call, 'port') === undefined ? {} : { port: wholeNumber(call, 'port', 1, 65_535) };
  const chain = await startEmbeddedChain({ ...port, ...(state === undefined ? {} : { stateFile: state }) });
  process.stderr.write(`${canonicalJson({ chainId: chain.chain.id, rpc: chain.url })}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await chain.stop();
  return { data: { rpc: chain.url }, text: 'stopped' };
}

/** `urna network fund`: money for accounts, of the embedded chain or from a network's treasury. */
export async function fund(call: Invocation): Promise<Outcome> {
  const addresses = call.args.map(readAddress);
  const folder = optional(call, 'network');
  if (folder !== undefined) {
    await fundFromTreasury(folder, readNetwork(folder), addresses);
    return { data: { addresses }, text: `accounts that have money now: ${addresses.length}` };
  }
  for (const address of addresses) await setBalance(setting(call, 'rpc'), address, FUNDS);
  return { data: { addresses }, text: `accounts that have 100 ether each now: ${addresses.length}` };
}

/** `urna network advance`: moves the block time of the embedded chain forward and mines a block. */
export async function advance(call: Invocation): Promise<Outcome> {
  const time = unixTime(call, 'to');
  await mineAt(setting(call, 'rpc'), time);
  return { data: { time }, text: `block time is ${new Date(time * 1000).toISOString()}` };
}
