import { decodeEventLog } from 'viem';
import { wordHex } from '../../protocol/encoding.ts';
import { ballotsAbi } from '../client/abi/ballots.ts';
import type { Content, Happening } from './happening.ts';
import { callArgs, content, senderOf, toCount, wordsHex } from './happening.ts';

/** The entry of an event of `Ballots` (SPEC §14.1). */
export function ballotsEntry(happening: Happening): Content {
  const event = decodeEventLog({ abi: ballotsAbi, ...happening.log });
  switch (event.eventName) {
    case 'PollPrepared': {
      const { poll, root, members, kx, ky } = event.args;
      const prepared = { poll: toCount(poll), root: wordHex(root), members: toCount(members) };
      return content('poll-ready', { ...prepared, k: wordsHex([kx, ky]) });
    }
    case 'UpdatesApplied': {
      const { poll, round, skipped, nonEmpty, sumsHash } = event.args;
      const [, firsts, laters] = callArgs(happening, ballotsAbi, 'update');
      return content('updates', {
        ...{ sender: senderOf(happening), poll: toCount(poll), round: toCount(round) },
        ...{ firsts: wordsHex(firsts), laters: wordsHex(laters), skipped: wordHex(skipped) },
        ...{ nonEmpty: toCount(nonEmpty), sumsHash },
      });
    }
  }
}
