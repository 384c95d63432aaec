import type { CredentialList } from '../credentials/credential-list.ts';
import { decodeCredentialList, sealCredentialList } from '../credentials/credential-list.ts';
import { decodeWord } from '../encoding.ts';
import { UrnaError } from '../errors.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';

/** The credential lists by district; an error stands for one that is missing or malformed. */
export function readCredentialLists({ evidence, config }: Replay): (CredentialList | UrnaError)[] {
  return config.voters.map((_, district) => {
    const bytes = evidence.credentials[district];
    if (bytes === undefined) return new UrnaError('checks/credentials', `no list of district ${district} was given`);
    try {
      return decodeCredentialList(bytes);
    } catch (error) {
      if (error instanceof UrnaError) return error;
      throw error;
    }
  });
}

/** Check 5: the published lists have the sealed roots and counts, and no key stands twice (SPEC §5, §15). */
export const credentialsCheck: Check = {
  number: 5,
  begin(replay, findings) {
    let sealed = false;
    return {
      take(entry) {
        if (entry.kind !== 'credentials') return;
        if (sealed) findings.fail(entry.seq, 'credentials are sealed a second time');
        sealed = true;
        compareLists(replay, entry, findings);
      },
    };
  },
};

function compareLists(replay: Replay, { seq, data }: EntryOf<'credentials'>, findings: Findings): void {
  const lists = readCredentialLists(replay);
  const keys = new Set<string>();
  if (data.lists.length !== lists.length) findings.fail(seq, 'there are not as many sealed lists as districts');
  lists.forEach((list, district) => {
    findings.count();
    const sealed = data.lists[district];
    const where = `district ${district}`;
    if (sealed === undefined) return;
    if (BigInt(sealed.count) > (replay.config.voters[district] ?? 0n)) {
      findings.fail(seq, `${where} has more credentials than voters`);
    }
    if (list instanceof UrnaError) return findings.fail(seq, `list of ${where}: ${list.message}`);
    if (list.district !== district) findings.fail(seq, `the list given for ${where} is another district’s`);
    if (list.definitionHash !== replay.definitionHash) findings.fail(seq, `the list of ${where} is another election’s`);
    const { root, count, reserveRoot, reserveCount } = sealCredentialList(list);
    const same =
      root === decodeWord(sealed.root) &&
      count === BigInt(sealed.count) &&
      reserveRoot === decodeWord(sealed.reserveRoot) &&
      reserveCount === BigInt(sealed.reserveCount);
    if (!same) findings.fail(seq, `the list of ${where} is not the sealed one`);
    for (const key of [...list.keys, ...list.reserve]) {
      if (keys.has(key)) findings.fail(seq, `a credential of ${where} is listed in another district as well`);
      keys.add(key);
    }
  });
}
