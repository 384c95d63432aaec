import {
  anchorObject,
  approveObject,
  cancelObject,
  certifyObject,
  credentialsObject,
  extendObject,
  sealObject,
  versionObject,
} from '../../../protocol/acts/objects.ts';
import { decodeHex, decodeWord, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';

const CODE = 'act/file';

/** A sealed credential list as words and counts. */
export interface ListSeal {
  readonly root: Hex;
  readonly count: number;
  readonly reserveRoot: Hex;
  readonly reserveCount: number;
}

/** What an act is about (SPEC §12.1): all that its object hashes. */
export type ActParams =
  | {
      readonly name: 'approve';
      readonly definitionHash: Hex;
      readonly configHash: Hex;
      readonly roll: Hex;
      readonly ceremony: Hex;
      readonly ballots: Hex;
      readonly tally: Hex;
    }
  | { readonly name: 'credentials'; readonly lists: readonly ListSeal[] }
  | { readonly name: 'version'; readonly version: number; readonly registrationsRoot: Hex; readonly reasonsHash: Hex }
  | { readonly name: 'seal'; readonly version: number; readonly registrationsRoot: Hex; readonly sealedRootsHash: Hex }
  | { readonly name: 'extend'; readonly closesAt: number; readonly reasonHash: Hex }
  | { readonly name: 'cancel'; readonly reasonHash: Hex }
  | { readonly name: 'certify'; readonly resultHash: Hex }
  | { readonly name: 'anchor'; readonly entries: number; readonly hash: Hex };

/** The act's object: the hash that officers sign (SPEC §12.1). */
export function objectOf(params: ActParams): bigint {
  switch (params.name) {
    case 'approve': {
      const { definitionHash, configHash, roll, ceremony, ballots, tally } = params;
      return approveObject(BigInt(definitionHash), BigInt(configHash), { roll, ceremony, ballots, tally });
    }
    case 'credentials':
      return credentialsObject(params.lists.map(wide));
    case 'version':
      return versionObject(BigInt(params.version), BigInt(params.registrationsRoot), BigInt(params.reasonsHash));
    case 'seal':
      return sealObject(BigInt(params.version), BigInt(params.registrationsRoot), BigInt(params.sealedRootsHash));
    case 'extend':
      return extendObject(BigInt(params.closesAt), BigInt(params.reasonHash));
    case 'cancel':
      return cancelObject(BigInt(params.reasonHash));
    case 'certify':
      return certifyObject(BigInt(params.resultHash));
    case 'anchor':
      return anchorObject(BigInt(params.entries), BigInt(params.hash));
  }
}

/** A list's seal as numbers. */
export function wide({ root, count, reserveRoot, reserveCount }: ListSeal) {
  return {
    root: BigInt(root),
    count: BigInt(count),
    reserveRoot: BigInt(reserveRoot),
    reserveCount: BigInt(reserveCount),
  };
}

const SHAPES: Readonly<Record<ActParams['name'], readonly string[]>> = {
  approve: ['definitionHash', 'configHash', 'roll', 'ceremony', 'ballots', 'tally'],
  credentials: ['lists'],
  version: ['version', 'registrationsRoot', 'reasonsHash'],
  seal: ['version', 'registrationsRoot', 'sealedRootsHash'],
  extend: ['closesAt', 'reasonHash'],
  cancel: ['reasonHash'],
  certify: ['resultHash'],
  anchor: ['entries', 'hash'],
};

const ADDRESSES = new Set(['roll', 'ceremony', 'ballots', 'tally']);
const COUNTS = new Set(['version', 'closesAt', 'entries']);

/** The params of an act in a parsed JSON value: exactly the members of its name. @throws `act/file`, `encoding/hex` */
export function readActParams(value: Json | undefined): ActParams {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const name = isObject ? (value as Readonly<Record<string, Json>>)['name'] : undefined;
  if (typeof name !== 'string' || !Object.hasOwn(SHAPES, name)) throw new UrnaError(CODE, 'an act of unknown name');
  const names = SHAPES[name as ActParams['name']];
  const members = readMembers(value, ['name', ...names], CODE);
  return Object.fromEntries([
    ['name', name],
    ...names.map((key) => [key, readParam(key, members[key])]),
  ]) as unknown as ActParams;
}

function readParam(name: string, value: Json | undefined): unknown {
  if (name === 'lists') return readLists(value);
  if (COUNTS.has(name)) return readIndex(value, CODE, 1);
  return encodeHex(decodeHex(value, ADDRESSES.has(name) ? 20 : 32));
}

function readLists(value: Json | undefined): ListSeal[] {
  require(Array.isArray(value), CODE, 'lists must be a list');
  return (value as readonly Json[]).map((item) => {
    const { root, count, reserveRoot, reserveCount } = readMembers(
      item,
      ['root', 'count', 'reserveRoot', 'reserveCount'],
      CODE,
    );
    decodeWord(root);
    decodeWord(reserveRoot);
    const counts = { count: readIndex(count, CODE), reserveCount: readIndex(reserveCount, CODE) };
    return { root: root as Hex, reserveRoot: reserveRoot as Hex, ...counts };
  });
}
