import type { ElectionContext } from '../credentials/registration.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import type { Json } from '../canonical-json.ts';
import { readIndex } from '../json-members.ts';

/** The poll of an election on its chain that a file about a ballot is for. */
export interface PollPlace {
  readonly context: Pick<ElectionContext, 'chainId' | 'election'>;
  readonly poll: number;
}

/** The members that name it in a file. */
export function pollMembers({ context: { chainId, election }, poll }: PollPlace): {
  chainId: number;
  election: Hex;
  poll: number;
} {
  return { chainId, election, poll };
}

/** Inverse of {@link pollMembers}. @throws `code`, `encoding/hex` */
export function readPollPlace(
  { chainId, election, poll }: Readonly<Record<'chainId' | 'election' | 'poll', Json>>,
  code: string,
): PollPlace {
  const context = { chainId: readIndex(chainId, code, 1), election: encodeHex(decodeHex(election, 20)) };
  return { context, poll: readIndex(poll, code) };
}
