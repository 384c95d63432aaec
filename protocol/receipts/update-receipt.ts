import type { Json } from '../canonical-json.ts';
import type { PollPlace } from '../ballot/poll-place.ts';
import { pollMembers, readPollPlace } from '../ballot/poll-place.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, decodeWord, encodeHex, wordHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { readIndex, readMembers } from '../json-members.ts';
import type { Receipt } from './receipt.ts';
import { requireReceipt } from './receipt.ts';

const TYPE = 'urna/v1/receipt/update';
const CODE = 'receipt/shape';

/** What a box promises of an update (SPEC §17.2). It says nothing of the vote, and the same of a mask. */
export interface UpdatePromise extends PollPlace {
  /** Address of the box. */
  readonly box: Hex;
  /** 32 hex digits under which the box tells what became of the update. */
  readonly tracker: string;
  /** Head of the slot once the update has taken effect: with it anybody can look on chain. */
  readonly head: bigint;
  /** Round in which the box posts it. */
  readonly round: number;
  /** Block time, Unix seconds, by which it is on chain. */
  readonly by: number;
}

/** {@link UpdatePromise} as it is signed. */
export type UpdateStatement = Readonly<Record<string, Json>> & { readonly type: typeof TYPE };

export function updateStatement({ box, tracker, head, round, by, ...place }: UpdatePromise): UpdateStatement {
  return { type: TYPE, ...pollMembers(place), box, tracker, head: wordHex(head), round, by };
}

const NAMES = ['box', 'by', 'chainId', 'election', 'head', 'poll', 'round', 'tracker', 'type'] as const;

/**
 * What a receipt promises, if the box that it names has signed it.
 *
 * @throws `receipt/shape` if it is no receipt of an update, `receipt/signature`, `signature/invalid`, `encoding/hex`
 */
export function readUpdateReceipt(value: Json): UpdatePromise {
  const { statement, signature } = readMembers(value, ['signature', 'statement'], CODE);
  const members = readMembers(statement, NAMES, CODE);
  require(members.type === TYPE, CODE, 'not the receipt of an update');
  const tracker = members.tracker;
  require(typeof tracker === 'string' && /^[0-9a-f]{32}$/u.test(tracker), CODE, 'a tracker has 32 hexadecimal digits');
  const promise: UpdatePromise = {
    ...readPollPlace(members, CODE),
    ...{ box: encodeHex(decodeHex(members.box, 20)), tracker, head: decodeWord(members.head) },
    ...{ round: readIndex(members.round, CODE), by: readIndex(members.by, CODE) },
  };
  requireReceipt({ statement: members, signature } as unknown as Receipt<UpdateStatement>, promise.box);
  return promise;
}
