import canonicalize from 'canonicalize';
import { UrnaError, require } from './errors.ts';

/** Brackets that may be open at once. */
const MAX_DEPTH = 32;
const [COMMA, QUOTE, BACKSLASH] = [0x2c, 0x22, 0x5c] as const;
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d] as const;

/** A value that JSON can hold; numbers in Urna's documents are safe integers. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const serialize = canonicalize as unknown as (value: unknown) => string | undefined;

/**
 * RFC 8785 text of `value` (the one importer of `canonicalize`): keys sorted by UTF-16 code units, no white space.
 *
 * @throws `json/value` for anything JSON cannot hold exactly: lone surrogates, NaN, undefined, cycles, more than 32 levels
 */
export function canonicalJson(value: unknown): string {
  requireJson(value, 0);
  const text = serialize(value);
  require(text !== undefined, 'json/value', 'value cannot be written as JSON');
  return text;
}

/** UTF-8 bytes of {@link canonicalJson}. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

/**
 * Parses a document that may be formatted freely (a draft written by hand). Repeated keys are refused.
 *
 * @throws `json/syntax`, `json/depth`, `json/value`
 */
export function parseJson(input: string | Uint8Array): Json {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  requireShallow(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UrnaError('json/syntax', 'not a JSON document');
  }
  requireJson(value, 0);
  requireUniqueKeys(text);
  return value;
}

/**
 * Parses a document that must be in its canonical form, byte for byte: so its hash names its meaning.
 *
 * @throws `json/canonical` if the text differs from its own canonical form, and the codes of {@link parseJson}
 */
export function parseCanonical(input: string | Uint8Array): Json {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  const value = parseJson(text);
  require(canonicalJson(value) === text, 'json/canonical', 'the document is not in RFC 8785 canonical form');
  return value;
}

/** Strict UTF-8; a byte order mark is kept, so that the parser refuses it. @throws `json/utf8` */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UrnaError('json/utf8', 'not UTF-8 text');
  }
}

/**
 * Refuses a large document that has more values than one of its kind: parsed, each takes many times its bytes.
 *
 * @param most - commas and opening brackets that it may have; none of its kind has a text that holds any
 * @throws `code`
 */
export function requireFewValues(bytes: Uint8Array, most: number, code: string): void {
  let values = 0;
  for (const byte of bytes) {
    if (byte !== COMMA && byte !== OPEN_BRACE && byte !== OPEN_BRACKET) continue;
    values += 1;
    if (values > most) throw new UrnaError(code, `a document of ${bytes.length} bytes with too many values`);
  }
}

/** Before anything is parsed: JSON.parse takes a hundred bytes of memory for each open bracket. */
function requireShallow(text: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === OPEN_BRACE || char === OPEN_BRACKET) requireDepth(++depth);
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth -= 1;
    else if (char === QUOTE) i = endOfString(text, i) - 1;
  }
}

function requireDepth(depth: number): void {
  require(depth <= MAX_DEPTH, 'json/depth', `nested deeper than ${MAX_DEPTH} levels`);
}

/** @param depth - brackets around the value */
function requireJson(value: unknown, depth: number): asserts value is Json {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') return require(Number.isFinite(value), 'json/value', 'not a finite number');
  if (typeof value === 'string') return require(isWellFormed(value), 'json/value', 'text holds half a surrogate pair');
  require(typeof value === 'object', 'json/value', `a ${typeof value} is not JSON`);
  requireDepth(depth + 1);
  if (Array.isArray(value)) {
    for (const item of value) requireJson(item, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  require(prototype === Object.prototype || prototype === null, 'json/value', 'only plain objects are JSON');
  for (const [key, item] of Object.entries(value)) {
    require(isWellFormed(key), 'json/value', 'a key holds half a surrogate pair');
    requireJson(item, depth + 1);
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** JSON.parse keeps the last of repeated keys and says nothing. @param text - well-formed JSON */
function requireUniqueKeys(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(undefined);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOfString(text, i);
      if (isKey(text, end)) claimKey(open.at(-1), text.slice(i, end));
      i = end - 1;
    }
  }
}

/** The place behind the string that begins at `start`, or behind the text if it does not end. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, start, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length + 1 : end + 1;
}

/** True if an odd number of backslashes stands before `at`. */
function isEscaped(text: string, start: number, at: number): boolean {
  let i = at - 1;
  while (i > start && text.charCodeAt(i) === BACKSLASH) i -= 1;
  return (at - 1 - i) % 2 === 1;
}

/** True if a colon follows, after white space. */
function isKey(text: string, end: number): boolean {
  let i = end;
  while (' \t\r\n'.includes(text[i] ?? '.')) i++;
  return text[i] === ':';
}

function claimKey(keys: Set<string> | undefined, quoted: string): void {
  const key = JSON.parse(quoted) as string;
  require(keys !== undefined && !keys.has(key), 'json/syntax', 'a key is repeated in one object');
  keys.add(key);
}
