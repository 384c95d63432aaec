import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { decodeManifest } from '../../circuits/manifest.ts';
import { require } from '../../protocol/errors.ts';

/** What a voter's client needs to prove, besides what the record publishes. */
const PROVING = ['ballot.wasm', 'ballot.zkey'];
const MANIFEST = /^circuits\/([a-z0-9-]+)\/manifest\.json$/u;

/**
 * Files for proving that are installed, by the SHA-256 (64 hexadecimal digits) that the published manifests name. None where an installation
 * holds what verifying takes only.
 *
 * @param own - published files by name @throws `artifacts/hash` for a file that its manifest does not name
 */
export function provingFiles(folder: string, own: Readonly<Record<string, Uint8Array>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, content] of Object.entries(own)) {
    const [, circuit] = MANIFEST.exec(name) ?? [];
    if (circuit === undefined || !existsSync(join(folder, circuit))) continue;
    const { files } = decodeManifest(content);
    for (const file of PROVING) {
      const path = resolve(join(folder, circuit, file));
      if (!existsSync(path)) continue;
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      require(files[file] === `0x${hash}`, 'artifacts/hash', `${dirname(path)} is not the circuit of its manifest`);
      found.set(hash, path);
    }
  }
  return found;
}
