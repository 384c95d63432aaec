import { parseJson } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, decodeNumber, encodeHex, wordHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { hashWords, sha256 } from '../hash.ts';

/** The list of a web client's files that stands beside them. */
export const WEB_MANIFEST = 'urna-web.json';

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/u;

/** `webHash` of a definition (SPEC §3.3): `H("web", SHA-256 of urna-web.json)`. @param manifest - bytes of `urna-web.json` */
export function webHash(manifest: Uint8Array): Hex {
  return wordHex(hashWords('web', [decodeNumber(sha256(manifest))]));
}

/**
 * SHA-256 by name of every file of a web client. Names are relative, without `..`, so that none leads elsewhere.
 *
 * @throws `web/manifest`
 */
export function decodeWebManifest(bytes: Uint8Array): ReadonlyMap<string, Hex> {
  const value = parseJson(bytes);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  require(isObject, 'web/manifest', `${WEB_MANIFEST} is not a list of files`);
  return new Map(
    Object.entries(value).map(([name, hash]) => {
      require(NAME.test(name), 'web/manifest', `${WEB_MANIFEST} names a file that cannot be one of its own`);
      return [name, encodeHex(decodeHex(hash, 32))];
    }),
  );
}
