import type { Abi, Account, Address, Hex, TransactionReceipt } from 'viem';
import { createWalletClient, encodeFunctionData, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { encodeHex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import type { ChainProfile } from '../network/profiles.ts';
import type { Connection } from './connection.ts';
import { asking } from './connection.ts';
import { pause } from './pause.ts';

/** A funded account that pays for transactions. Who pays means nothing to the contracts, except for boxes and the registrar. */
export interface Sender {
  readonly account: Account;
  readonly connection: Connection;
  /** Told, in a sentence, what went otherwise than planned and was put right. */
  readonly note?: (line: string) => void;
}

/** A call of a contract's function, or without `to` a contract's creation. */
export interface Call {
  readonly to?: Address;
  readonly data: Hex;
}

/** A transaction that is on chain and confirmed. */
export interface Confirmed {
  readonly transaction: Hex;
  readonly block: number;
  readonly gasUsed: bigint;
  readonly receipt: TransactionReceipt;
}

// A block counts its transactions' gas limits, not their use: two per cent more than needed keeps blocks full.
const PADDING_PERCENT = 2n;
/** A failed transaction that used this part of its gas had too little: what a contract calls gets at most 63/64 of what is left. */
const RAN_OUT_PERCENT = 96n;
/** How often to take the account's next number before giving up. */
const NONCE_TRIES = 8;
/** How long to wait for a transaction's confirmations, in milliseconds. */
const CONFIRMATION_TIMEOUT = 180_000;

/** The sender of a 32-byte private key. @throws `chain/key` */
export function senderOfKey(connection: Connection, privateKey: Uint8Array, note?: Sender['note']): Sender {
  require(privateKey.length === 32, 'chain/key', 'a private key has 32 bytes');
  try {
    const account = privateKeyToAccount(encodeHex(privateKey));
    return { account, connection, ...(note === undefined ? {} : { note }) };
  } catch {
    throw new UrnaError('chain/key', 'not a secp256k1 private key');
  }
}

/** The call data of `functionName(args…)` at `to`. */
export function callOf(to: Address, abi: Abi, functionName: string, args: readonly unknown[]): Call {
  return { to, data: encodeFunctionData({ abi, functionName, args }) };
}

/**
 * Sends a call once the node has shown that it would succeed.
 *
 * @param nonce - for several calls in flight at once; default the account's next
 * @returns the transaction's hash; it is not on chain yet
 * @throws `chain/<error-name>` if the contract refuses, `chain/gas` above the profile's limit, `chain/unreachable`, `chain/funds`, `chain/nonce`
 */
export async function submit(sender: Sender, call: Call, nonce?: number): Promise<Hex> {
  const { account, connection } = sender;
  const { rpc } = connection;
  const gas = await gasOf(sender, call);
  const wanted = { to: call.to ?? null, data: call.data, gas };
  if (nonce !== undefined) return send(sender, { ...wanted, nonce });
  for (let tries = 1; ; tries++) {
    const next = await asking(rpc.getTransactionCount({ address: account.address, blockTag: 'pending' }));
    try {
      return await send(sender, { ...wanted, nonce: next });
    } catch (error) {
      // Another program of the same account took the number first; the node has not taken this transaction.
      if (tries === NONCE_TRIES || !(error instanceof UrnaError) || error.code !== 'chain/nonce') throw error;
    }
  }
}

/** Gas to send a call with. @throws `chain/<error-name>` if the contract refuses, `chain/gas`, `chain/unreachable` */
export async function gasOf({ account, connection }: Sender, call: Call): Promise<bigint> {
  const { rpc, profile } = connection;
  // As of the block that is being made, with what waits for it: what others have sent may make the call dearer.
  const estimate = await asking(
    rpc.estimateGas({ account, to: call.to ?? null, data: call.data, blockTag: 'pending' }),
  );
  const gas = (estimate * (100n + PADDING_PERCENT) + 99n) / 100n;
  require(gas <=
    profile.gasLimit, 'chain/gas', `the transaction needs ${gas} gas, the chain allows ${profile.gasLimit}`);
  return gas;
}

/** Sends `wei` to an account. @returns the transaction's hash; it is not on chain yet @throws `chain/unreachable`, `chain/funds`, `chain/nonce` */
export async function pay(sender: Sender, to: Address, wei: bigint): Promise<Hex> {
  const { address } = sender.account;
  const nonce = await asking(sender.connection.rpc.getTransactionCount({ address, blockTag: 'pending' }));
  return send(sender, { to, data: '0x', value: wei, gas: 21_000n, nonce });
}

interface Numbered {
  readonly to: Address | null;
  readonly data: Hex;
  readonly value?: bigint;
  readonly gas: bigint;
  readonly nonce: number;
}

async function send({ account, connection }: Sender, transaction: Numbered): Promise<Hex> {
  // Sent once: a second try after a lost answer would meet the first one in the pool and look like another program's.
  const transport = http(connection.url, { retryCount: 0 });
  const wallet = createWalletClient({ account, chain: connection.rpc.chain, transport });
  return asking(wallet.sendTransaction({ ...transaction, ...(await fees(connection)) }));
}

/** Fees by the profile's policy, in wei. @throws `chain/unreachable` */
export async function fees({
  rpc,
  profile,
}: Connection): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }> {
  if (profile.feePolicy === 'free') return { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  const { baseFeePerGas } = await asking(rpc.getBlock());
  return { maxFeePerGas: 2n * (baseFeePerGas ?? 0n) + profile.tip, maxPriorityFeePerGas: profile.tip };
}

/**
 * Waits until a transaction has the profile's confirmations.
 *
 * @throws `chain/unconfirmed` if that takes too long, `chain/reverted` if it had no effect, `chain/unreachable`
 */
export async function confirm({ rpc, profile }: Connection, transaction: Hex): Promise<Confirmed> {
  const receipt = await awaitReceipt(rpc, transaction, profile);
  require(receipt.status === 'success', 'chain/reverted', `transaction ${transaction} was refused when its turn came`);
  return { transaction, block: Number(receipt.blockNumber), gasUsed: receipt.gasUsed, receipt };
}

/**
 * Asks for a transaction's receipt again and again, whether or not there are new blocks: a node may show a block before its receipts, and the next
 * block may never come. What the node answers meanwhile, or that it does not, changes nothing: the transaction was sent.
 *
 * @throws `chain/unconfirmed` after {@link CONFIRMATION_TIMEOUT}
 */
export async function awaitReceipt(
  rpc: Connection['rpc'],
  hash: Hex,
  { confirmations, pollingInterval }: Pick<ChainProfile, 'confirmations' | 'pollingInterval'>,
): Promise<TransactionReceipt> {
  const until = performance.now() + CONFIRMATION_TIMEOUT;
  const look = async (): Promise<TransactionReceipt | undefined> => {
    const receipt = await rpc.getTransactionReceipt({ hash });
    // Even without confirmations: a node (geth, for a moment) may show a receipt while it still answers calls as of the block before.
    const newest = await rpc.getBlockNumber({ cacheTime: 0 });
    return newest >= receipt.blockNumber + BigInt(confirmations) ? receipt : undefined;
  };
  while (performance.now() < until) {
    const receipt = await look().catch(() => undefined);
    if (receipt !== undefined) return receipt;
    await pause(pollingInterval);
  }
  throw new UrnaError(
    'chain/unconfirmed',
    'the transaction was sent but not confirmed in time: look again before sending it again',
  );
}

/**
 * {@link submit}, then {@link confirm}. The gas is estimated, and what comes first in the block may make the call dearer than that (the last
 * message of a stage opens the next one): a transaction that ran out of gas, and so did nothing, is sent once more with a fresh estimate,
 * and the sender's `note` told.
 */
export async function transact(sender: Sender, call: Call): Promise<Confirmed> {
  const transaction = await submit(sender, call);
  try {
    return await confirm(sender.connection, transaction);
  } catch (error) {
    const reverted = error instanceof UrnaError && error.code === 'chain/reverted';
    if (!reverted || !(await ranOutOfGas(sender.connection, transaction))) throw error;
    sender.note?.(`  transaction ${transaction} ran out of gas: another one came first. It is sent once more`);
    return confirm(sender.connection, await submit(sender, call));
  }
}

async function ranOutOfGas({ rpc }: Connection, hash: Hex): Promise<boolean> {
  const { gasUsed } = await asking(rpc.getTransactionReceipt({ hash }));
  const { gas } = await asking(rpc.getTransaction({ hash }));
  return gasUsed * 100n >= gas * RAN_OUT_PERCENT;
}
