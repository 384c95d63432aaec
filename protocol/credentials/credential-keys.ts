import type { SealedCredentials } from '../acts/objects.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { WordList, compareWords, indexOfWord } from '../word-list.ts';
import { TYPE, credentialLeaves, decodeCredentialList } from './credential-list.ts';
import type { CredentialList } from './credential-list.ts';
import { CREDENTIAL_TREE, merkleRoot } from './merkle.ts';

/** A district's credential list (SPEC §5.3) with its keys as bytes: a city's take fifty megabytes so, and ten times that as text. */
export interface CredentialKeys {
  readonly definitionHash: Hex;
  /** Index of the district in the definition. */
  readonly district: number;
  /** Ascending. */
  readonly keys: WordList;
  /** Ascending, none of them in `keys`. */
  readonly reserve: WordList;
}

/**
 * The list in a file, the same as `decodeCredentialList` reads, without the text between. A file is canonical, so that a right one has only
 * the form that is read here; what is wrong with another one, `decodeCredentialList` says.
 *
 * @throws the codes of `decodeCredentialList`
 */
export function decodeCredentialKeys(bytes: Uint8Array): CredentialKeys {
  return scan(bytes) ?? compactList(decodeCredentialList(bytes));
}

/** The same list with its keys as bytes. */
export function compactList({ definitionHash, district, keys, reserve }: CredentialList): CredentialKeys {
  return { definitionHash, district, keys: words(keys), reserve: words(reserve) };
}

/** As `sealCredentialList`. */
export function sealCredentialKeys({ district, keys, reserve }: CredentialKeys): SealedCredentials {
  const rootOf = (list: WordList): bigint => merkleRoot(CREDENTIAL_TREE, credentialLeaves(district, hexOf(list)));
  return {
    ...{ root: rootOf(keys), count: BigInt(keys.length) },
    ...{ reserveRoot: rootOf(reserve), reserveCount: BigInt(reserve.length) },
  };
}

function words(keys: readonly Hex[]): WordList {
  const list = new WordList();
  for (const key of keys) list.push(decodeHex(key, 32));
  return list;
}

function* hexOf(list: WordList): Generator<Hex> {
  for (const word of list) yield encodeHex(word);
}

const HEAD = /^\{"definitionHash":"(0x[0-9a-f]{64})","district":(0|[1-9][0-9]{0,15}),"keys":\[/;
const HEAD_LENGTH = 160;
const BETWEEN = '],"reserve":[';
const END = `],"type":"${TYPE}"}`;
/** `"0x`, 64 digits, `"`. */
const KEY_LENGTH = 68;
const COMMA = 0x2c;

/** The list, undefined if the bytes are anything else than one in order. */
function scan(bytes: Uint8Array): CredentialKeys | undefined {
  const [head, definitionHash, number] = HEAD.exec(latin1(bytes.subarray(0, HEAD_LENGTH))) ?? [];
  const district = Number(number);
  if (head === undefined || !Number.isSafeInteger(district)) return undefined;
  const keys = scanKeys(bytes, head.length);
  if (keys === undefined || !startsWith(bytes, keys.end, BETWEEN)) return undefined;
  const reserve = scanKeys(bytes, keys.end + BETWEEN.length);
  if (reserve === undefined || !startsWith(bytes, reserve.end, END)) return undefined;
  if (reserve.end + END.length !== bytes.length) return undefined;
  for (const key of reserve.list) if (indexOfWord(keys.list, key) >= 0) return undefined;
  return { definitionHash: definitionHash as Hex, district, keys: keys.list, reserve: reserve.list };
}

/** Ascending keys with commas between them, and where they end. */
function scanKeys(bytes: Uint8Array, start: number): { readonly list: WordList; readonly end: number } | undefined {
  const list = new WordList();
  const word = new Uint8Array(32);
  let at = start;
  if (!startsWith(bytes, at, '"')) return { list, end: at };
  for (;;) {
    if (!startsWith(bytes, at, '"0x') || !startsWith(bytes, at + KEY_LENGTH - 1, '"')) return undefined;
    if (!readDigits(bytes, at + 3, word)) return undefined;
    if (list.length > 0 && compareWords(list.at(list.length - 1), word) >= 0) return undefined;
    list.push(word);
    at += KEY_LENGTH;
    if (bytes[at] !== COMMA) return { list, end: at };
    at += 1;
  }
}

function readDigits(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) {
    const [high, low] = [digitOf(bytes[start + 2 * i]), digitOf(bytes[start + 2 * i + 1])];
    if (high < 0 || low < 0) return false;
    word[i] = high * 16 + low;
  }
  return true;
}

/** The value of a lower-case hexadecimal digit, or -1. */
function digitOf(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

function startsWith(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
