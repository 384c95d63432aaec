import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';

/** Gives an account of an embedded chain this much money. @throws `chain/unreachable`, `chain/not-embedded` */
export async function setBalance(url: string, account: Hex, wei: bigint): Promise<void> {
  await callEmbedded(url, 'anvil_setBalance', [account, `0x${wei.toString(16)}`]);
}

/** Makes a block of this time (Unix seconds). @throws `state/time` unless it is after the newest one's, `chain/unreachable`, `chain/not-embedded` */
export async function mineAt(url: string, time: number): Promise<void> {
  const newest = await callEmbedded(url, 'eth_getBlockByNumber', ['latest', false]);
  const { timestamp } = newest as { readonly timestamp: string };
  require(time > Number(timestamp), 'state/time', 'block time only moves forward');
  await callEmbedded(url, 'evm_setNextBlockTimestamp', [time]);
  await callEmbedded(url, 'evm_mine', []);
}

/** Any other chain answers that it does not know the methods of a development chain. */
async function callEmbedded(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  let answer: { readonly result?: unknown; readonly error?: unknown };
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    answer = (await response.json()) as typeof answer;
  } catch {
    throw new UrnaError('chain/unreachable', 'the chain’s node does not answer: try again later or name another one');
  }
  require(answer.error ===
    undefined, 'chain/not-embedded', 'the node refused: only the embedded development chain does this');
  return answer.result;
}
