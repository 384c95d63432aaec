import { join } from 'node:path';
import type { ElectionAt } from '../../contracts/client/election.ts';
import { readSealedCredentials } from '../../contracts/client/roll.ts';
import type { SealedCredentials } from '../../protocol/acts/objects.ts';
import { decodeCredentialKeys, sealCredentialKeys } from '../../protocol/credentials/credential-keys.ts';
import type { CredentialKeys } from '../../protocol/credentials/credential-keys.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { at, require } from '../../protocol/errors.ts';
import { readBytes } from '../../protocol/node/files.ts';
import { WordList, indexOfWord, repeatedWords } from '../../protocol/word-list.ts';

/** Which list of its district a credential stands in. */
export type ListName = 'keys' | 'reserve';

/** The credential lists of all districts as bytes, thirty-two a key: a city's fit into fifty megabytes of every process. */
export interface SealedKeys {
  readonly lists: readonly CredentialKeys[];
  /** Roots and counts, to be compared with the chain's. */
  readonly seals: readonly SealedCredentials[];
  /** The list of a district in which a key stands; undefined for a key that is in none, or a district that there is not. */
  find(district: number, key: Uint8Array): ListName | undefined;
}

/** A district has at most 2^20 credentials and a reserve, 69 bytes each. */
const MAX_LIST = 96 * 2 ** 20;

/** Reads `<district>.json` of every district. @throws `credential-list/*`, `file/*` */
export async function loadSealedKeys(definition: Definition, hash: Hex, folder: string): Promise<SealedKeys> {
  const lists: CredentialKeys[] = [];
  for (const [district, { id }] of definition.districts.entries()) {
    const list = decodeCredentialKeys(await readBytes(join(folder, `${id}.json`), MAX_LIST));
    const own = list.district === district && list.definitionHash === hash;
    require(own, 'credential-list/election', `the list of district ${id} belongs to another district or election`);
    lists.push(list);
  }
  requireDistinct(lists);
  const find = (district: number, key: Uint8Array): ListName | undefined => {
    const list = lists[district];
    if (list === undefined) return undefined;
    if (indexOfWord(list.keys, key) >= 0) return 'keys';
    return indexOfWord(list.reserve, key) >= 0 ? 'reserve' : undefined;
  };
  return { lists, seals: lists.map(sealCredentialKeys), find };
}

function requireDistinct(lists: readonly CredentialKeys[]): void {
  if (lists.length < 2) return;
  const all = new WordList();
  for (const { keys, reserve } of lists) {
    for (const key of keys) all.push(key);
    for (const key of reserve) all.push(key);
  }
  const repeated = repeatedWords(all).includes(1);
  require(!repeated, 'credential-list/duplicate', 'a key is listed in two districts');
}

/** The list that holds a key. @throws `registration/district`, `registration/credential` */
export function requireListed(sealed: SealedKeys, district: number, key: Uint8Array): ListName {
  require(district < sealed.lists.length, 'registration/district', `there is no district ${district}`);
  const list = sealed.find(district, key);
  require(list !== undefined, 'registration/credential', 'no such credential may register in this district');
  return list;
}

/**
 * Whether the chain has sealed exactly these lists. False while it has sealed none.
 *
 * @throws `credential-list/sealed` if it has sealed others: this server would take registrations that no observer accepts
 */
export async function areSealed(election: ElectionAt, { seals }: SealedKeys): Promise<boolean> {
  const onChain = await Promise.all(seals.map((_, district) => readSealedCredentials(election, district)));
  if (onChain.every(({ count, reserveCount }) => count === 0n && reserveCount === 0n)) return false;
  onChain.forEach((sealed, district) => {
    const own = at(seals, district);
    const same = (
      [
        ['root', 'count'],
        ['reserveRoot', 'reserveCount'],
      ] as const
    ).every((names) => names.every((name) => own[name] === sealed[name]));
    require(same, 'credential-list/sealed', `the chain has sealed another list of district ${district}`);
  });
  return true;
}
