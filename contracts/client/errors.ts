import type { AbiParameter, Hex } from 'viem';
import {
  BaseError,
  BlockNotFoundError,
  HttpRequestError,
  InsufficientFundsError,
  NonceTooHighError,
  NonceTooLowError,
  ResponseBodyTooLargeError,
  SocketClosedError,
  TimeoutError,
  decodeErrorResult,
} from 'viem';
import { UrnaError } from '../../protocol/errors.ts';
import { errorsAbi } from './abi/errors.ts';
import { sentences } from './sentences.ts';

type Found = (error: BaseError) => UrnaError | undefined;

function ifIs(types: readonly (abstract new (...args: never[]) => Error)[], code: string, message: string): Found {
  return (error) =>
    error.walk((cause) => types.some((type) => cause instanceof type)) ? new UrnaError(code, message) : undefined;
}

const NO_FUNDS = 'the account cannot pay for the transaction';
const CAME_FIRST = 'another transaction of this account came first: try again';

const known: readonly Found[] = [
  refusal,
  ifIs([ResponseBodyTooLargeError], 'chain/range', 'the node’s answer is too large'),
  ifIs([BlockNotFoundError], 'chain/no-block', 'the chain’s node has no such block'),
  ifIs(
    [HttpRequestError, TimeoutError, SocketClosedError],
    'chain/unreachable',
    'the chain’s node does not answer: try again later or name another one',
  ),
  ifIs([InsufficientFundsError], 'chain/funds', NO_FUNDS),
  ifIs([NonceTooLowError, NonceTooHighError], 'chain/nonce', CAME_FIRST),
  saidBy,
];

/** What nodes say in words of their own where viem does not know them; geth's and Besu's (its `RpcErrorType`), which says some things with a capital. */
const phrases: readonly (readonly [said: RegExp, code: string, message: string])[] = [
  [
    // In a block, or waiting: this transaction itself, or another one under its number.
    /nonce too low|replacement transaction underpriced|already known|transaction already imported|known transaction/i,
    'chain/nonce',
    CAME_FIRST,
  ],
  [
    // geth says either: "underpriced" where those that wait pay more, "txpool is full" where none of them may be given up. Besu lets each account have so
    // many waiting, counted from its next number.
    /txpool is full|transaction underpriced(?!:)|nonce is too distant from current sender nonce/i,
    'chain/pool-full',
    'the pool of the chain’s node is full: try again later, or name another node',
  ],
  [
    /initial sync is still in progress|transaction pool not enabled/i,
    'chain/syncing',
    'the chain’s node has not caught up with the chain yet: try again later, or name another node',
  ],
  [
    /sender account not authorized/i,
    'chain/account',
    'the chain takes no transactions from this account: its operators keep the list of those that may send',
  ],
  [/upfront cost exceeds account balance/i, 'chain/funds', NO_FUNDS],
  [/exceeds block gas limit/i, 'chain/gas', 'the transaction needs more gas than a block of the chain has'],
];

function saidBy({ details, shortMessage }: BaseError): UrnaError | undefined {
  const found = phrases.find(([said]) => said.test(`${details} ${shortMessage}`));
  return found === undefined ? undefined : new UrnaError(found[1], found[2]);
}

/**
 * What went wrong, in terms a person can act on: the contract's own errors as `chain/<error-name>`, an unreachable node as
 * `chain/unreachable`, anything else the node said as `chain/node`. An `UrnaError` and an unknown error come back as they are.
 */
export function toUrnaError(error: unknown): unknown {
  if (!(error instanceof BaseError)) return error;
  for (const find of known) {
    const found = find(error);
    if (found !== undefined) return found;
  }
  return new UrnaError('chain/node', `the chain’s node refused: ${firstLine(error.details || error.shortMessage)}`);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200);
}

/** The bytes a contract reverted with, wherever the node and viem have put them. */
function revertData(error: BaseError): Hex | undefined {
  let data: Hex | undefined;
  error.walk((cause) => {
    const held = (cause as { data?: unknown }).data;
    const raw = typeof held === 'object' && held !== null ? (held as { data?: unknown }).data : held;
    if (typeof raw === 'string' && /^0x[0-9a-fA-F]*$/.test(raw)) data = raw as Hex;
    return false;
  });
  return data;
}

function refusal(error: BaseError): UrnaError | undefined {
  const data = revertData(error);
  if (data !== undefined && data !== '0x') return describeRevert(data);
  const reverted = /revert/i.test(error.details || error.shortMessage);
  return reverted ? new UrnaError('chain/refused', 'the contract refused and gave no reason') : undefined;
}

/** The `UrnaError` of a contract's revert data: `chain/<error-name>`, with the error's arguments in the sentence. */
export function describeRevert(data: Hex): UrnaError {
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: errorsAbi, data });
    const code = `chain/${kebab(errorName)}`;
    const values = (args ?? []) as readonly unknown[];
    const sentence = sentences[errorName];
    if (sentence !== undefined) return new UrnaError(code, sentence(...values.map(show)));
    const names = 'inputs' in abiItem ? abiItem.inputs.map((input: AbiParameter) => input.name ?? '') : [];
    const details = values.map((value, i) => `${names[i] ?? ''} ${show(value)}`.trim()).join(', ');
    return new UrnaError(code, `the contract refused: ${words(errorName)}${details === '' ? '' : ` (${details})`}`);
  } catch {
    return new UrnaError('chain/refused', `the contract refused for a reason unknown here (${data.slice(0, 10)})`);
  }
}

function show(value: unknown): string {
  return String(value).slice(0, 80);
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter, index: number) => `${index === 0 ? '' : ' '}${letter.toLowerCase()}`);
}

function kebab(name: string): string {
  return words(name).replaceAll(' ', '-');
}
