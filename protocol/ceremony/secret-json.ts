import { decodeHex, decodeWord, encodeHex, wordHex } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import type { Scalar } from '../math/field.ts';
import { toScalar } from '../math/field.ts';
import type { AttemptSecret, TrusteeShare } from './trustee.ts';

// The plain bytes inside a trustee's encrypted file. Nothing here ever enters a message or a log.

type Members = Readonly<Record<string, unknown>>;

function members(value: unknown, names: readonly string[]): Members {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
  require(plain &&
    Object.keys(value).sort().join() === [...names].sort().join(), 'ceremony/secret', 'not a trustee’s secret file');
  return value as Members;
}

function index(value: unknown): number {
  require(typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    value >= 1, 'ceremony/secret', 'index or attempt is not a positive integer');
  return value;
}

function list<T>(value: unknown, decode: (item: unknown) => T): T[] {
  require(Array.isArray(value) && value.length > 0, 'ceremony/secret', 'a list is missing or empty');
  return (value as unknown[]).map(decode);
}

function scalar(value: unknown): Scalar {
  try {
    return toScalar(decodeWord(value));
  } catch {
    throw new UrnaError('ceremony/secret', 'a secret scalar is malformed');
  }
}

function key(value: unknown): Uint8Array {
  try {
    return decodeHex(value, 32);
  } catch {
    throw new UrnaError('ceremony/secret', 'a transport key is malformed');
  }
}

/** JSON value of the secrets of one attempt. */
export function encodeAttemptSecret({ attempt, trustee, polynomials, transport }: AttemptSecret): Members {
  return {
    attempt,
    trustee,
    polynomials: polynomials.map((polynomial) => polynomial.map(wordHex)),
    transport: { publicKey: encodeHex(transport.publicKey), secretKey: encodeHex(transport.secretKey) },
  };
}

/** Strict inverse of {@link encodeAttemptSecret}. @throws `ceremony/secret`, which never quotes what it read */
export function decodeAttemptSecret(value: unknown): AttemptSecret {
  const secret = members(value, ['attempt', 'trustee', 'polynomials', 'transport']);
  const transport = members(secret['transport'], ['publicKey', 'secretKey']);
  const polynomials = list(secret['polynomials'], (polynomial) => list(polynomial, scalar));
  require(new Set(polynomials.map(({ length }) => length)).size ===
    1, 'ceremony/secret', 'polynomials differ in degree');
  return {
    attempt: index(secret['attempt']),
    trustee: index(secret['trustee']),
    polynomials,
    transport: { publicKey: key(transport['publicKey']), secretKey: key(transport['secretKey']) },
  };
}

/** JSON value of a trustee's final share. */
export function encodeTrusteeShare({ attempt, trustee, shares }: TrusteeShare): Members {
  return { attempt, trustee, shares: shares.map(wordHex) };
}

/** Strict inverse of {@link encodeTrusteeShare}. @throws `ceremony/secret`, which never quotes what it read */
export function decodeTrusteeShare(value: unknown): TrusteeShare {
  const share = members(value, ['attempt', 'trustee', 'shares']);
  return { attempt: index(share['attempt']), trustee: index(share['trustee']), shares: list(share['shares'], scalar) };
}
