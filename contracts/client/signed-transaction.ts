import { keccak256, parseTransaction } from 'viem';
import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';

import type { Connection } from './connection.ts';
import { asking } from './connection.ts';
import { lowerHex } from './election.ts';
import type { Call, Sender } from './transact.ts';
import { fees, gasOf } from './transact.ts';

/** A transaction that can be sent again and again, and takes effect once. */
export interface SignedTransaction {
  readonly hash: Hex;
  readonly nonce: number;
  /** As `eth_sendRawTransaction` takes it. */
  readonly raw: Hex;
}

/** What became of a transaction that is in a block. */
export interface MinedResult {
  readonly block: number;
  /** False if it was refused when its turn came: it did nothing but use its number. */
  readonly success: boolean;
}

/**
 * Signs a call, once the node has shown that it would succeed, and sends nothing: so it can be stored before anybody sees it.
 *
 * @throws what `submit` throws, but for `chain/nonce`
 */
export async function signCall(sender: Sender, call: Call, nonce: number): Promise<SignedTransaction> {
  return sign(sender, { to: call.to ?? null, data: call.data, gas: await gasOf(sender, call), nonce });
}

/** A transaction that does nothing but use a number: those after it wait for it. @throws `chain/key`, `chain/unreachable`, `chain/node` */
export function signNothing(sender: Sender, nonce: number): Promise<SignedTransaction> {
  return sign(sender, { to: lowerHex(sender.account.address), data: '0x', gas: 21_000n, nonce });
}

/** The same call under the same number with the fee of now, where the chain has become too dear for the fee it has; else undefined. */
export async function signDearer(sender: Sender, { raw }: SignedTransaction): Promise<SignedTransaction | undefined> {
  const { to, data, gas, nonce, maxFeePerGas, maxPriorityFeePerGas: tip = 0n } = parseTransaction(raw);
  const { maxFeePerGas: wanted } = await fees(sender.connection);
  // `fees` asks for twice the base fee: below a half of it, no block takes the transaction.
  if (2n * (maxFeePerGas ?? 0n) >= wanted) return undefined;
  require(data !== undefined &&
    gas !== undefined &&
    nonce !== undefined, 'internal/transaction', 'a stored transaction is damaged');
  // A pool lets a transaction take another's place only if its tip is higher as well, by a tenth at least.
  const higher = sender.connection.profile.tip === 0n ? 0n : tip + tip / 8n + 1n;
  return sign(sender, { to: to ?? null, data, gas, nonce }, higher);
}

interface Unsigned {
  readonly to: Hex | null;
  readonly data: Hex;
  readonly gas: bigint;
  readonly nonce: number;
}

async function sign(
  { account, connection }: Sender,
  wanted: Unsigned,
  tip = connection.profile.tip,
): Promise<SignedTransaction> {
  require(account.type === 'local', 'chain/key', 'the account’s key is not here');
  const chain = { chainId: connection.chainId, type: 'eip1559' } as const;
  const { maxFeePerGas } = await fees(connection);
  const raw = await account.signTransaction({ ...chain, ...wanted, maxFeePerGas, maxPriorityFeePerGas: tip });
  return { hash: lowerHex(keccak256(raw)), nonce: wanted.nonce, raw: lowerHex(raw) };
}

/**
 * Sends a signed transaction. That the node has it already, or one of this number in a block, is no error: whoever sends again looks at
 * {@link minedResult} and {@link accountCount} for what became of it.
 *
 * @throws `chain/unreachable`, `chain/funds`, `chain/pool-full`, `chain/node`
 */
export async function broadcast({ rpc }: Connection, { raw }: SignedTransaction): Promise<void> {
  try {
    await asking(rpc.sendRawTransaction({ serializedTransaction: raw }));
  } catch (error) {
    if (!(error instanceof UrnaError) || error.code !== 'chain/nonce') throw error;
  }
}

/** What became of a transaction; undefined as long as no block has it. @throws `chain/unreachable`, `chain/node` */
export async function minedResult({ rpc }: Connection, hash: Hex): Promise<MinedResult | undefined> {
  const receipts = rpc.request({ method: 'eth_getTransactionReceipt', params: [hash] });
  const receipt = await asking(receipts);
  if (receipt === null) return undefined;
  return { block: Number(receipt.blockNumber), success: receipt.status === '0x1' };
}

/**
 * How many transactions of the account are in blocks, up to `block`, or with those that wait at the node: the number of its next one.
 *
 * @throws `chain/unreachable`, `chain/node`
 */
export function accountCount({ account, connection }: Sender, block: number | 'latest' | 'pending'): Promise<number> {
  const { address } = account;
  const when = typeof block === 'number' ? { blockNumber: BigInt(Math.max(block, 0)) } : { blockTag: block };
  return asking(connection.rpc.getTransactionCount({ address, ...when }));
}

/**
 * The hash of the account's transaction of this number in this very block; undefined where the block holds none. What a node counts as of its
 * newest block need not be in a block yet: this is.
 *
 * @throws `chain/unreachable`, `chain/node`, `chain/no-block`
 */
export async function minedUnder(
  { account, connection }: Sender,
  nonce: number,
  block: number,
): Promise<Hex | undefined> {
  const asked = { blockNumber: BigInt(block), includeTransactions: true } as const;
  const { transactions } = await asking(connection.rpc.getBlock(asked));
  const own = transactions.find((each) => each.nonce === nonce && lowerHex(each.from) === lowerHex(account.address));
  return own && lowerHex(own.hash);
}
