import { parseJson } from '../canonical-json.ts';
import type { Json } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';

/** What check 3 asks of a circuit's manifest (SPEC §13). */
export interface SetupFacts {
  /** SHA-256 of the constraint system that the key is for. */
  readonly r1cs: Hex;
  /** SHA-256 of `vkey.json`. */
  readonly vkeyHash: Hex;
  /** Contributions to phase 2 under different names and with different hashes, the beacon not counted. */
  readonly contributions: number;
  readonly hasBeacon: boolean;
  readonly insecure: boolean;
}

/** The facts in a manifest's bytes. @throws `checks/manifest`, `encoding/hex`, `json/…` */
export function readManifest(bytes: Uint8Array): SetupFacts {
  const manifest = objectOf(parseJson(bytes));
  const files = objectOf(manifest['files']);
  const { insecure } = manifest;
  require(typeof insecure === 'boolean', 'checks/manifest', 'the manifest does not say whether its key is insecure');
  return {
    r1cs: encodeHex(decodeHex(manifest['r1cs'], 32)),
    vkeyHash: encodeHex(decodeHex(files['vkey.json'], 32)),
    contributions: countContributions(manifest['contributions']),
    hasBeacon: manifest['beacon'] !== undefined && manifest['beacon'] !== null,
    insecure,
  };
}

/** One party that is listed three times has contributed once. */
function countContributions(value: Json | undefined): number {
  require(Array.isArray(value), 'checks/manifest', 'the manifest lists no contributions');
  const contributions = value.map(objectOf);
  const names = contributions.map(({ name }) => name);
  require(names.every((name) => typeof name === 'string'), 'checks/manifest', 'a contribution has no name');
  const hashes = contributions.map(({ hash }) => encodeHex(decodeHex(hash, 64)));
  return Math.min(new Set(names).size, new Set(hashes).size);
}

function objectOf(value: Json | undefined): Readonly<Record<string, Json>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  require(isObject, 'checks/manifest', 'the manifest is not made of objects');
  return value as Readonly<Record<string, Json>>;
}
