import {
  anchorObject,
  approveObject,
  cancelObject,
  certifyObject,
  credentialsObject,
  extendObject,
  sealObject,
  versionObject,
} from '../acts/objects.ts';
import { quorumFault } from '../acts/quorum.ts';
import type { ActName } from '../acts/typed-data.ts';
import { actDigest } from '../acts/typed-data.ts';
import { decodeHex, decodeWord } from '../encoding.ts';
import type { Entry, EntryData } from '../record/entry.ts';
import type { Check } from './check.ts';

type Signed = EntryData<'approve'>['act'];

/** An act that took effect: who signed, and what it did. */
interface ExecutedAct {
  readonly name: ActName;
  readonly act: Signed;
  readonly object: bigint;
}

/** Check 4: every act has its quorum, number, expiry, and the object that took effect (SPEC §12.1, §15). */
export const actsCheck: Check = {
  number: 4,
  begin(replay, findings) {
    const officers = { keys: replay.config.officers, quorum: Number(replay.config.quorum) };
    let executed = 0;
    let defined: EntryData<'defined'> | undefined;
    return {
      take(entry) {
        if (entry.kind === 'defined') defined ??= entry.data;
        const act = actOf(entry, defined);
        if (act === undefined) return;
        findings.count();
        const number = executed++;
        if (typeof act === 'string') return findings.fail(entry.seq, act);
        if (replay.domain === undefined)
          return findings.fail(entry.seq, 'an act stands before the election is defined');
        if (act.act.number !== number) findings.fail(entry.seq, `the act has number ${act.act.number}, not ${number}`);
        if (entry.time > act.act.expiry) findings.fail(entry.seq, 'the act had expired');
        const signed = { name: act.name, object: act.object, number: BigInt(number), expiry: BigInt(act.act.expiry) };
        const signatures = act.act.signatures.map((signature) => decodeHex(signature));
        const fault = quorumFault(actDigest(replay.domain, signed), signatures, officers);
        if (fault !== undefined) findings.fail(entry.seq, `the act ${act.name} has no quorum: ${fault}`);
      },
    };
  },
};

/** The act of an entry, a sentence where an act is missing or out of place, or undefined for an entry without one. */
function actOf(entry: Entry, defined: EntryData<'defined'> | undefined): ExecutedAct | string | undefined {
  switch (entry.kind) {
    case 'approve': {
      if (defined === undefined) return 'approval of an election that is not defined';
      const hashes = [decodeWord(defined.definitionHash), decodeWord(defined.configHash)] as const;
      return { name: 'approve', act: entry.data.act, object: approveObject(...hashes, defined) };
    }
    case 'credentials':
      return { name: 'credentials', act: entry.data.act, object: credentialsObject(entry.data.lists.map(sealedList)) };
    case 'roll-begin':
      return versionAct(entry.data);
    case 'seal': {
      const { act, version, registrationsRoot, sealedRootsHash } = entry.data;
      const object = sealObject(BigInt(version), decodeWord(registrationsRoot), decodeWord(sealedRootsHash));
      return { name: 'seal', act, object };
    }
    case 'extend': {
      const { act, closesAt, reasonHash } = entry.data;
      return { name: 'extend', act, object: extendObject(BigInt(closesAt), decodeWord(reasonHash)) };
    }
    case 'cancel':
      return { name: 'cancel', act: entry.data.act, object: cancelObject(decodeWord(entry.data.reasonHash)) };
    case 'certify':
      return { name: 'certify', act: entry.data.act, object: certifyObject(decodeWord(entry.data.resultHash)) };
    case 'anchor': {
      const { act, entries, hash } = entry.data;
      return { name: 'anchor', act, object: anchorObject(BigInt(entries), decodeWord(hash)) };
    }
    default:
      return undefined;
  }
}

function versionAct(data: EntryData<'roll-begin'>): ExecutedAct | string | undefined {
  const { act, version, registrationsRoot, reasonsHash } = data;
  if (act === null) {
    return version === 1 ? undefined : `version ${version} of the roll began without an act`;
  }
  if (version === 1) return 'the first version of the roll needs no act';
  const object = versionObject(BigInt(version), decodeWord(registrationsRoot), decodeWord(reasonsHash));
  return { name: 'version', act, object };
}

function sealedList(list: EntryData<'credentials'>['lists'][number]): Parameters<typeof credentialsObject>[0][number] {
  const { root, count, reserveRoot, reserveCount } = list;
  return {
    root: decodeWord(root),
    count: BigInt(count),
    reserveRoot: decodeWord(reserveRoot),
    reserveCount: BigInt(reserveCount),
  };
}
