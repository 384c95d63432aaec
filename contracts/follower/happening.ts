import type { Abi, AbiStateMutability, ContractFunctionArgs, ContractFunctionName } from 'viem';
import { decodeFunctionData } from 'viem';
import type { Hex } from '../../protocol/encoding.ts';
import { concatBytes, decodeHex, encodeHex, encodeWord } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import type { EntryData, EntryKind } from '../../protocol/record/entry.ts';
import type { MinedLog, MinedTransaction } from './source.ts';

/** An event of an election's contract with the transaction it came from. */
export interface Happening {
  readonly log: MinedLog;
  readonly transaction: MinedTransaction;
  /** Number of the officers' act executed just before in the same transaction, if there is one. */
  readonly actNumber: number | undefined;
  readonly chainId: number;
  readonly circuitKeys: readonly Hex[];
}

/** Kind and data of an entry that has no place yet. */
export type Content = { readonly [K in EntryKind]: { readonly kind: K; readonly data: EntryData<K> } }[EntryKind];

/** `{kind, data}`, checked against each other. */
export function content<K extends EntryKind>(kind: K, data: EntryData<K>): Content {
  return { kind, data } as Content;
}

/**
 * The arguments of the direct call that made the happening (SPEC §14.2).
 *
 * @throws `follow/foreign-contract` unless the transaction calls `name` of the event's contract: the published build cannot emit such an event
 */
export function callArgs<const A extends Abi, N extends ContractFunctionName<A>>(
  { log, transaction }: Happening,
  abi: A,
  name: N,
): ContractFunctionArgs<A, AbiStateMutability, N> {
  const direct = transaction.to?.toLowerCase() === log.address.toLowerCase();
  require(direct, 'follow/foreign-contract', `transaction ${transaction.hash} is no direct call of ${log.address}`);
  try {
    const call = decodeFunctionData({ abi: abi as Abi, data: transaction.input });
    if (call.functionName === name) return call.args as ContractFunctionArgs<A, AbiStateMutability, N>;
  } catch {
    // Falls through to the refusal.
  }
  throw new UrnaError('follow/foreign-contract', `transaction ${transaction.hash} does not call ${String(name)}`);
}

/** The act of a happening that only an act can make. */
export function actOf(happening: Happening, expiry: bigint, signatures: readonly Hex[]): EntryData<'approve'>['act'] {
  const { actNumber, transaction } = happening;
  require(actNumber !== undefined, 'follow/foreign-contract', `transaction ${transaction.hash} executes no act`);
  return { number: actNumber, expiry: toCount(expiry), signatures };
}

/** A count or index as a JSON number. @throws `follow/number` at 2^53 and above */
export function toCount(value: bigint | number): number {
  const count = Number(value);
  require(Number.isSafeInteger(count) && count >= 0, 'follow/number', 'a number on chain exceeds 2^53');
  return count;
}

/** Who sent the transaction. */
export function senderOf({ transaction }: Happening): Hex {
  return transaction.from.toLowerCase() as Hex;
}

/** Words as one byte string. */
export function wordsHex(words: readonly bigint[]): Hex {
  return encodeHex(concatBytes(...words.map(encodeWord)));
}

/** Words, two a point, as points (SPEC §1.2). @throws `follow/points` for an odd number */
export function pointsOf(words: readonly bigint[]): Hex[] {
  require(words.length % 2 === 0, 'follow/points', 'an odd number of coordinates');
  return words.filter((_, i) => i % 2 === 0).map((x, i) => wordsHex([x, words[2 * i + 1] ?? 0n]));
}

/** Lower-case form of hex as viem returns it. */
export function lower(text: string): Hex {
  return encodeHex(decodeHex(text.toLowerCase()));
}
