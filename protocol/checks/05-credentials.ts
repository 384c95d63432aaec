import type { CredentialKeys } from '../credentials/credential-keys.ts';
import { decodeCredentialKeys, sealCredentialKeys } from '../credentials/credential-keys.ts';
import { decodeWord } from '../encoding.ts';
import { UrnaError } from '../errors.ts';
import type { EntryOf } from '../record/entry.ts';
import { MAX_LIST } from '../record/published-names.ts';
import { WordList, repeatedWords } from '../word-list.ts';
import type { Check, Findings } from './check.ts';
import type { PublishedBytes } from './replay/evidence.ts';
import { readWhole } from './replay/evidence.ts';
import type { Replay } from './replay/replay.ts';

/** The credential lists by district; an error stands for one that is missing or malformed. */
export async function readCredentialLists({ evidence, config }: Replay): Promise<(CredentialKeys | UrnaError)[]> {
  const lists: (CredentialKeys | UrnaError)[] = [];
  for (const district of config.voters.keys()) lists.push(await readList(evidence.credentials[district], district));
  return lists;
}

async function readList(file: PublishedBytes | undefined, district: number): Promise<CredentialKeys | UrnaError> {
  if (file === undefined) return new UrnaError('checks/credentials', `no list of district ${district} was given`);
  try {
    return decodeCredentialKeys(await readWhole(file, MAX_LIST, 'credential-list/shape'));
  } catch (error) {
    if (error instanceof UrnaError) return error;
    throw error;
  }
}

/** Check 5: the published lists have the sealed roots and counts, and no key stands twice (SPEC §5, §15). */
export const credentialsCheck: Check = {
  number: 5,
  begin(replay, findings) {
    let sealed = false;
    return {
      async take(entry) {
        if (entry.kind !== 'credentials') return;
        if (sealed) findings.fail(entry.seq, 'credentials are sealed a second time');
        sealed = true;
        await compareLists(replay, entry, findings);
      },
    };
  },
};

async function compareLists(replay: Replay, { seq, data }: EntryOf<'credentials'>, findings: Findings): Promise<void> {
  const lists = await readCredentialLists(replay);
  const repeated = repeatedKeys(lists.filter((_, district) => data.lists[district] !== undefined));
  if (data.lists.length !== lists.length) findings.fail(seq, 'there are not as many sealed lists as districts');
  lists.forEach((list, district) => {
    findings.count();
    const sealed = data.lists[district];
    const where = `district ${district}`;
    if (sealed === undefined) return;
    const voters = replay.config.voters[district] ?? 0n;
    if (BigInt(sealed.count) > voters) findings.fail(seq, `${where} has more credentials than voters`);
    if (BigInt(sealed.reserveCount) > voters) findings.fail(seq, `${where} has more keys in reserve than voters`);
    if (list instanceof UrnaError) return findings.fail(seq, `list of ${where}: ${list.message}`);
    if (list.district !== district) findings.fail(seq, `the list given for ${where} is another district’s`);
    if (list.definitionHash !== replay.definitionHash) findings.fail(seq, `the list of ${where} is another election’s`);
    const { root, count, reserveRoot, reserveCount } = sealCredentialKeys(list);
    const same =
      root === decodeWord(sealed.root) &&
      count === BigInt(sealed.count) &&
      reserveRoot === decodeWord(sealed.reserveRoot) &&
      reserveCount === BigInt(sealed.reserveCount);
    if (!same) findings.fail(seq, `the list of ${where} is not the sealed one`);
    for (let i = repeated.get(list) ?? 0; i > 0; i--) {
      findings.fail(seq, `a credential of ${where} is listed in another district as well`);
    }
  });
}

/** How many keys of a list stand in one before it as well; a list alone holds none twice. */
function repeatedKeys(lists: readonly (CredentialKeys | UrnaError)[]): Map<CredentialKeys, number> {
  const readable = lists.filter((list): list is CredentialKeys => !(list instanceof UrnaError));
  const all = new WordList();
  for (const { keys, reserve } of readable) for (const list of [keys, reserve]) for (const key of list) all.push(key);
  const repeated = repeatedWords(all);
  let start = 0;
  return new Map(
    readable.map((list) => {
      const own = repeated.subarray(start, (start += list.keys.length + list.reserve.length));
      return [list, own.reduce((sum, each) => sum + each, 0)];
    }),
  );
}
