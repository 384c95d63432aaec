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

const known: readonly Found[] = [
  refusal,
  ifIs([ResponseBodyTooLargeError], 'chain/range', 'the node’s answer is too large'),
  ifIs([BlockNotFoundError], 'chain/no-block', 'the chain’s node has no such block'),
  ifIs(
    [HttpRequestError, TimeoutError, SocketClosedError],
    'chain/unreachable',
    'the chain’s node does not answer: try again later or name another one',
  ),
  ifIs([InsufficientFundsError], 'chain/funds', 'the account cannot pay for the transaction'),
  nonceTaken,
  poolFull,
];

/** The account's next number was used by another transaction, mined or waiting. */
function nonceTaken(error: BaseError): UrnaError | undefined {
  const told = error.walk((cause) => cause instanceof NonceTooLowError || cause instanceof NonceTooHighError);
  const waiting = /nonce too low|replacement transaction underpriced|already known|transaction already imported/i;
  if (told === null && !waiting.test(`${error.details} ${error.shortMessage}`)) return undefined;
  return new UrnaError('chain/nonce', 'another transaction of this account came first: try again');
}

/** The node holds as many waiting transactions as it may, all of them paying at least as much. */
function poolFull(error: BaseError): UrnaError | undefined {
  // geth says either: "underpriced" where those that wait pay more, "txpool is full" where none of them may be given up.
  const told = /txpool is full|transaction underpriced(?!:)/i;
  if (!told.test(`${error.details} ${error.shortMessage}`)) return undefined;
  return new UrnaError(
    'chain/pool-full',
    'the pool of the chain’s node is full: try again later, or name another node',
  );
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
