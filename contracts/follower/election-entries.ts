import { decodeEventLog } from 'viem';
import { electionAbi } from '../client/abi/election.ts';
import type { Content, Happening } from './happening.ts';
import { actOf, callArgs, content, lower, toCount } from './happening.ts';

/** The entry of an event of `Election` (SPEC §14.1); none for `ActExecuted`, which belongs to the event after it. */
export function electionEntry(happening: Happening): Content | undefined {
  const event = decodeEventLog({ abi: electionAbi, ...happening.log });
  switch (event.eventName) {
    case 'ActExecuted':
      return undefined;
    case 'Defined': {
      const { definitionHash, configHash, roll, ceremony, ballots, tally } = event.args;
      return content('defined', {
        chainId: happening.chainId,
        election: lower(happening.log.address),
        roll: lower(roll),
        ceremony: lower(ceremony),
        ballots: lower(ballots),
        tally: lower(tally),
        circuitKeys: happening.circuitKeys,
        definitionHash,
        configHash,
      });
    }
    case 'Approved': {
      const [expiry, signatures] = callArgs(happening, electionAbi, 'approve');
      return content('approve', { act: actOf(happening, expiry, signatures) });
    }
    case 'Extended': {
      const { closesAt, reasonHash } = event.args;
      const [, , expiry, signatures] = callArgs(happening, electionAbi, 'extend');
      return content('extend', { act: actOf(happening, expiry, signatures), closesAt: toCount(closesAt), reasonHash });
    }
    case 'ElectionCancelled': {
      const [reasonHash, expiry, signatures] = callArgs(happening, electionAbi, 'cancel');
      return content('cancel', { act: actOf(happening, expiry, signatures), reasonHash });
    }
    case 'Certified': {
      const { resultHash } = event.args;
      const [expiry, signatures] = callArgs(happening, electionAbi, 'certify');
      return content('certify', { act: actOf(happening, expiry, signatures), resultHash });
    }
    case 'Anchored': {
      const { entries, hash } = event.args;
      const [, , expiry, signatures] = callArgs(happening, electionAbi, 'anchor');
      return content('anchor', { act: actOf(happening, expiry, signatures), entries: toCount(entries), hash });
    }
  }
}

/** The number of the act that this log of `Election` executes; undefined for other events. */
export function executedAct(log: Happening['log']): number | undefined {
  const event = decodeEventLog({ abi: electionAbi, ...log });
  return event.eventName === 'ActExecuted' ? toCount(event.args.number) : undefined;
}
