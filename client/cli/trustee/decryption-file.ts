import { signatureFault } from '../../../protocol/acts/quorum.ts';
import { signDigest } from '../../../protocol/acts/signature.ts';
import { stepDigest } from '../../../protocol/acts/typed-data.ts';
import type { ElectionDomain } from '../../../protocol/acts/typed-data.ts';
import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { decodeHex, decodeWord, encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';
import { decryptionObject } from '../../../protocol/tally/decryption.ts';

const TYPE = 'urna/v1/decryption';
const CODE = 'decryption/file';

/** A trustee's partial decryption of one unit, signed. */
export interface UnitDecryption {
  readonly unit: number;
  /** `Q words, A8, B8, z` (SPEC §12.4). */
  readonly words: readonly bigint[];
  readonly signature: Uint8Array;
}

/** The partial decryptions of one trustee. */
export interface DecryptionFile {
  readonly domain: ElectionDomain;
  /** The finished attempt of the ceremony. */
  readonly attempt: number;
  readonly trustee: number;
  readonly units: readonly UnitDecryption[];
}

type Place = Pick<DecryptionFile, 'domain' | 'attempt' | 'trustee'>;

function digestOf({ domain, attempt, trustee }: Place, unit: number, words: readonly bigint[]): Uint8Array {
  const object = decryptionObject(unit, words);
  return stepDigest(domain, { name: 'decrypt', attempt: BigInt(attempt), trustee: BigInt(trustee), object });
}

/** Signs a unit's decryption. */
export function signDecryption(place: Place, unit: number, words: readonly bigint[], key: Uint8Array): UnitDecryption {
  return { unit, words, signature: signDigest(digestOf(place, unit, words), key) };
}

/** Canonical text of the file. */
export function encodeDecryptionFile({ domain, attempt, trustee, units }: DecryptionFile): string {
  const list = units.map(({ unit, words, signature }) => ({
    unit,
    words: words.map(wordHex),
    signature: encodeHex(signature),
  }));
  const { chainId, election } = domain;
  return canonicalJson({ type: TYPE, chainId: Number(chainId), election, attempt, trustee, units: list });
}

/** Strict inverse of {@link encodeDecryptionFile}. @throws `decryption/file`, `encoding/hex`, `json/*` */
export function decodeDecryptionFile(text: string): DecryptionFile {
  const file = readMembers(parseCanonical(text), ['chainId', 'election', 'attempt', 'trustee', 'units', 'type'], CODE);
  require(file.type === TYPE, CODE, `not a file of type ${TYPE}`);
  require(Array.isArray(file.units), CODE, 'units must be a list');
  const domain = {
    chainId: BigInt(readIndex(file.chainId, CODE, 1)),
    election: encodeHex(decodeHex(file.election, 20)),
  };
  const [attempt, trustee] = [readIndex(file.attempt, CODE, 1), readIndex(file.trustee, CODE, 1)];
  return { domain, attempt, trustee, units: (file.units as readonly Json[]).map(readUnit) };
}

function readUnit(value: Json): UnitDecryption {
  const { unit, words, signature } = readMembers(value, ['unit', 'words', 'signature'], CODE);
  require(Array.isArray(words), CODE, 'words must be a list');
  return { unit: readIndex(unit, CODE), words: words.map(decodeWord), signature: decodeHex(signature, 65) };
}

/** Refuses a file whose signatures are not its trustee's. @param keys - of the trustees, index 1 first @throws `step/signature` */
export function requireDecryptionSignatures(file: DecryptionFile, keys: readonly Hex[]): void {
  const key = keys[file.trustee - 1];
  require(key !== undefined, 'step/signature', `there is no trustee ${file.trustee}`);
  for (const { unit, words, signature } of file.units) {
    const fault = signatureFault(digestOf(file, unit, words), signature, key);
    require(fault === undefined, 'step/signature', `decryption of unit ${unit}: ${fault ?? ''}`);
  }
}
