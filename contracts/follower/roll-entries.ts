import { decodeEventLog } from 'viem';
import { wordHex } from '../../protocol/encoding.ts';
import { rollAbi } from '../client/abi/roll.ts';
import type { Content, Happening } from './happening.ts';
import { actOf, callArgs, content, senderOf, toCount } from './happening.ts';

/** The entry of an event of `Roll` (SPEC §14.1). */
export function rollEntry(happening: Happening): Content {
  const event = decodeEventLog({ abi: rollAbi, ...happening.log });
  switch (event.eventName) {
    case 'CredentialsSealed': {
      const [lists, expiry, signatures] = callArgs(happening, rollAbi, 'sealCredentials');
      const sealed = lists.map((each) => ({
        root: each.root,
        count: toCount(each.count),
        reserveRoot: each.reserveRoot,
        reserveCount: toCount(each.reserveCount),
      }));
      return content('credentials', { act: actOf(happening, expiry, signatures), lists: sealed });
    }
    case 'VersionBegun': {
      const { version, registrationsRoot, reasonsHash } = event.args;
      const [, , expiry, signatures] = callArgs(happening, rollAbi, 'beginVersion');
      const act = happening.actNumber === undefined ? null : actOf(happening, expiry, signatures);
      const begun = { sender: senderOf(happening), version: toCount(version), registrationsRoot, reasonsHash };
      return content('roll-begin', { ...begun, act });
    }
    case 'MembersAppended': {
      const { version, district } = event.args;
      const [, , commitments] = callArgs(happening, rollAbi, 'append');
      const batch = { sender: senderOf(happening), version: toCount(version), district: toCount(district) };
      return content('roll-members', { ...batch, commitments: commitments.map(wordHex) });
    }
    case 'VersionCompleted': {
      const { version, roots, members } = event.args;
      const complete = { sender: senderOf(happening), version: toCount(version) };
      return content('roll-complete', { ...complete, roots: roots.map(wordHex), members: members.map(toCount) });
    }
    case 'RollSealed': {
      const { version, registrationsRoot, rootsHash } = event.args;
      const [, expiry, signatures] = callArgs(happening, rollAbi, 'seal');
      const act = actOf(happening, expiry, signatures);
      return content('seal', { act, version: toCount(version), registrationsRoot, sealedRootsHash: rootsHash });
    }
  }
}
