import { parseJson } from '../protocol/canonical-json.ts';
import type { Hex } from '../protocol/encoding.ts';
import { decodeHex } from '../protocol/encoding.ts';
import { require } from '../protocol/errors.ts';

/** One contribution to phase 2. */
export interface Contribution {
  readonly name: string;
  /** snarkjs's hash of the contribution, BLAKE2b-512. */
  readonly hash: Hex;
}

/** The summary of a circuit's setup, beside its files (SPEC §13). */
export interface Manifest {
  readonly circuit: string;
  /** True for keys made for development: their contributors were one program, or phase 1 was nobody's. */
  readonly insecure: boolean;
  readonly note: string;
  readonly compiler: string;
  /** SHA-256 of the constraint system, which anyone gets by compiling. */
  readonly r1cs: Hex;
  readonly constraints: number;
  readonly publicSignals: number;
  readonly ptau: { readonly sha256: Hex; readonly power: number; readonly source: string };
  /** SHA-256 of wasm, zkey and vkey.json. */
  readonly files: Readonly<Record<string, Hex>>;
  /** In order; the beacon is not one of them. */
  readonly contributions: readonly Contribution[];
  readonly beacon: {
    readonly value: Hex;
    readonly iterationsLog2: number;
    readonly source: string;
    readonly hash: Hex;
  } | null;
  /** Hash of the last entry of the ceremony's transcript; keys for development have none. */
  readonly transcript?: Hex;
}

/** The members that code relies on, checked; the rest is for people. @throws `artifacts/manifest`, `encoding/hex`, `json/…` */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const value = parseJson(bytes) as unknown as Manifest;
  const fits =
    isObject(value) &&
    typeof value.circuit === 'string' &&
    typeof value.insecure === 'boolean' &&
    isObject(value.files) &&
    isObject(value.ptau) &&
    Array.isArray(value.contributions) &&
    value.contributions.every((each: unknown) => isObject(each) && 'name' in each && typeof each.name === 'string') &&
    (value.beacon === null || (isObject(value.beacon) && Number.isSafeInteger(value.beacon.iterationsLog2)));
  require(fits, 'artifacts/manifest', 'not the manifest of a circuit');
  for (const hash of [value.r1cs, value.ptau.sha256, ...Object.values(value.files)]) decodeHex(hash, 32);
  for (const { hash } of value.contributions) decodeHex(hash, 64);
  if (value.beacon !== null) [value.beacon.hash, value.beacon.value].forEach((hex) => decodeHex(hex));
  return value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
