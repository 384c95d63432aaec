import { UrnaError, require } from '../../../protocol/errors.ts';
import { setting } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';

/**
 * Calls a method that only a development chain has. Any other chain answers that it does not know it.
 *
 * @throws `chain/unreachable`, `chain/not-embedded`
 */
export async function callDevelopmentChain(
  call: Invocation,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const url = setting(call, 'rpc');
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
