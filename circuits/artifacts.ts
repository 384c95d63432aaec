import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UrnaError, require } from '../protocol/errors.ts';
import type { Manifest } from './manifest.ts';
import { decodeManifest } from './manifest.ts';

/** What verifying takes of a circuit. */
export interface VerifyingArtifacts {
  readonly name: string;
  readonly lanes: number;
  readonly manifest: Manifest;
  /** Bytes of manifest.json: their hash is in the definition (SPEC §13). */
  readonly manifestBytes: Uint8Array;
  /** Bytes of vkey.json. */
  readonly verifyingKeyBytes: Uint8Array;
}

/** What proving takes besides. */
export interface ProvingArtifacts extends VerifyingArtifacts {
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
}

type Environment = 'development' | 'rehearsal' | 'binding';

function read(folder: string, name: string, file: string): Uint8Array {
  try {
    return Uint8Array.from(readFileSync(join(folder, name, file)));
  } catch {
    throw new UrnaError('artifacts/missing', `${name}/${file} is not installed`);
  }
}

function checked(folder: string, manifest: Manifest, file: string): Uint8Array {
  const bytes = read(folder, manifest.circuit, file);
  // Node's own: megabytes of a proving key are read for each vote.
  const hash = `0x${createHash('sha256').update(bytes).digest('hex')}`;
  require(manifest.files[file] ===
    hash, 'artifacts/hash', `${manifest.circuit}/${file} is not the file its manifest names`);
  return bytes;
}

/**
 * Manifest and verifying key of a circuit; hashes checked against the manifest.
 *
 * @param folder - of all artifacts; holds `<name>/manifest.json`
 * @param name - e.g. `ballot-8`
 * @param environment - of the election: keys made for development serve no other
 * @throws `artifacts/missing`, `artifacts/manifest`, `artifacts/hash`, `artifacts/insecure`
 */
export function readVerifyingArtifacts(folder: string, name: string, environment: Environment): VerifyingArtifacts {
  const options = /^ballot-(2|8|16)$/.exec(name)?.[1];
  require(options !== undefined, 'artifacts/missing', 'there is no such circuit');
  const manifestBytes = read(folder, name, 'manifest.json');
  const manifest = decodeManifest(manifestBytes);
  require(manifest.circuit === name, 'artifacts/manifest', `the manifest of ${name} is another circuit's`);
  require(!manifest.insecure ||
    environment ===
      'development', 'artifacts/insecure', `${name} was set up for development only: run a ceremony of your own`);
  const verifyingKeyBytes = checked(folder, manifest, 'vkey.json');
  return { name, lanes: Number(options) / 2, manifest, manifestBytes, verifyingKeyBytes };
}

/** All files of a circuit. @throws the codes of {@link readVerifyingArtifacts} */
export function readProvingArtifacts(folder: string, name: string, environment: Environment): ProvingArtifacts {
  const artifacts = readVerifyingArtifacts(folder, name, environment);
  const [wasm, zkey] = ['ballot.wasm', 'ballot.zkey'].map((file) => checked(folder, artifacts.manifest, file));
  require(wasm !== undefined && zkey !== undefined, 'artifacts/missing', `${name} is not complete`);
  return { ...artifacts, wasm, zkey };
}
