import { parseJson } from '../protocol/canonical-json.ts';
import type { Hex } from '../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../protocol/encoding.ts';
import { require } from '../protocol/errors.ts';

/** One contribution to phase 2. */
export interface Contribution {
  readonly name: string;
  /** snarkjs's hash of the contribution, BLAKE2b-512. */
  readonly hash: Hex;
}

/** The transcript of a circuit's setup, beside its files (SPEC §13). */
export interface Manifest {
  readonly circuit: string;
  /** True for keys made for development: their contributors were one program. */
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
  };
}

/** The members that code relies on, checked; the rest of a transcript is for people. @throws `artifacts/manifest`, `json/…` */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const value = parseJson(bytes) as unknown as Manifest;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const fits =
    isObject &&
    typeof value.circuit === 'string' &&
    typeof value.insecure === 'boolean' &&
    typeof value.files === 'object' &&
    value.files !== null &&
    Array.isArray(value.contributions);
  require(fits, 'artifacts/manifest', 'not the manifest of a circuit');
  for (const hash of [value.r1cs, ...Object.values(value.files)]) decodeHex(hash, 32);
  return value;
}

/** `sha256` as a manifest writes it. */
export function manifestHash(digest: Uint8Array): Hex {
  return encodeHex(digest);
}
