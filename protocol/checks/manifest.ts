import { parseJson } from '../canonical-json.ts';
import type { Json } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';

/** What check 3 asks of a circuit's manifest (SPEC §13). */
export interface SetupFacts {
  /** SHA-256 of `vkey.json`. */
  readonly vkeyHash: Hex;
  /** Contributions to phase 2, the beacon not counted. */
  readonly contributions: number;
  readonly hasBeacon: boolean;
  readonly insecure: boolean;
}

/** The facts in a manifest's bytes. @throws `checks/manifest`, `encoding/hex`, `json/…` */
export function readManifest(bytes: Uint8Array): SetupFacts {
  const manifest = objectOf(parseJson(bytes));
  const files = objectOf(manifest['files']);
  const contributions = manifest['contributions'];
  require(Array.isArray(contributions), 'checks/manifest', 'the manifest lists no contributions');
  const { insecure } = manifest;
  require(typeof insecure === 'boolean', 'checks/manifest', 'the manifest does not say whether its key is insecure');
  return {
    vkeyHash: encodeHex(decodeHex(files['vkey.json'], 32)),
    contributions: contributions.length,
    hasBeacon: manifest['beacon'] !== undefined && manifest['beacon'] !== null,
    insecure,
  };
}

function objectOf(value: Json | undefined): Readonly<Record<string, Json>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  require(isObject, 'checks/manifest', 'the manifest is not made of objects');
  return value as Readonly<Record<string, Json>>;
}
