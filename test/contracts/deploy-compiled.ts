import type { Abi, Address, Hex, TransactionReceipt } from 'viem';
import { awaitReceipt } from '../../contracts/client/transact.ts';
import { chainProfile } from '../../contracts/network/profiles.ts';
import { compiled } from '../../contracts/compile.ts';
import type { EmbeddedChain } from '../../contracts/network/embedded.ts';

/** A contract on a chain, as viem's `readContract` and `writeContract` take it. */
export interface Deployed {
  readonly address: Address;
  readonly abi: Abi;
}

/** Sends creation code and answers with the receipt. @throws if the creation reverts */
export async function deployBytes(chain: EmbeddedChain, data: Hex, from = 0): Promise<TransactionReceipt> {
  const hash = await chain.wallet(from).sendTransaction({ data });
  const receipt = await awaitReceipt(chain.publicClient, hash, chainProfile('embedded'));
  if (receipt.status !== 'success') throw new Error('creation reverted');
  return receipt;
}

/** What `call` answers; its error names the data that the contract reverted with, which anvil puts into its sentence and geth beside it. */
export async function tellingData<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      const { data } = cause as { readonly data?: unknown };
      if (typeof data === 'string') throw new Error(`reverted with ${data}`, { cause: error });
    }
    throw error;
  }
}

/** Deploys the compiled contract `name` of contracts/ or of the harness folder. */
export async function deployCompiled(
  chain: EmbeddedChain,
  name: string,
  args: readonly unknown[] = [],
  from = 0,
): Promise<Deployed> {
  const { abi, bytecode } = compiled(name);
  const hash = await tellingData(chain.wallet(from).deployContract({ abi, bytecode, args: [...args] }));
  const receipt = await awaitReceipt(chain.publicClient, hash, chainProfile('embedded'));
  if (receipt.status !== 'success' || !receipt.contractAddress) throw new Error(`creation of ${name} reverted`);
  return { address: receipt.contractAddress, abi };
}

/** Calls a view and answers with what it returns. */
export function read<T>(
  chain: EmbeddedChain,
  contract: Deployed,
  functionName: string,
  args: readonly unknown[] = [],
): Promise<T> {
  return chain.publicClient.readContract({ ...contract, functionName, args }) as Promise<T>;
}
