import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** What a compilation makes. */
export interface CompiledCircuit {
  readonly r1cs: Uint8Array;
  readonly wasm: Uint8Array;
  /** Names of wires and labels, one a line. */
  readonly sym: string;
  /** Its report: constraints, inputs, and every warning. */
  readonly report: string;
}

/**
 * Names all that a compilation depends on: compiler and options, the main file, and every file that it includes, by name and content.
 *
 * @param how - compiler and options
 * @param main - path of the main file
 * @param libraries - folders in which includes are looked for, after that of the including file
 * @returns SHA-256 in hex; undefined where a file is missing, of which the compiler has to speak
 */
export function sourcesHash(how: readonly string[], main: string, libraries: readonly string[]): string | undefined {
  if (!existsSync(main)) return undefined;
  const hash = createHash('sha256').update(JSON.stringify([how, basename(main)]));
  const seen = new Set<string>();
  const open = [main];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const content = readFileSync(file, 'utf8');
    hash.update(JSON.stringify([relative(dirname(main), file), content]));
    for (const [, target = ''] of content.matchAll(/\binclude\s*"([^"]*)"/g)) {
      const found = [dirname(file), ...libraries].map((folder) => join(folder, target)).find(existsSync);
      if (found === undefined) return undefined;
      open.push(found);
    }
  }
  return hash.digest('hex');
}

interface OnDisk {
  readonly [name: string]: string;
}

const digestOf = (parts: OnDisk): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** What was compiled before from the very same sources, if it is still what was written then. */
export function readKept(folder: string, hash: string): CompiledCircuit | undefined {
  const path = join(folder, `${hash}.json`);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  // The digest comes first: what does not begin with that of all that follows is not read any further.
  const [, digest, body = ''] = /^\{"digest":"([0-9a-f]{64})","parts":(.*)\}$/su.exec(text) ?? [];
  if (createHash('sha256').update(body).digest('hex') !== digest) return undefined;
  const parts = JSON.parse(body) as OnDisk;
  const bytes = (name: string): Uint8Array => Uint8Array.from(Buffer.from(parts[name] ?? '', 'base64'));
  return { r1cs: bytes('r1cs'), wasm: bytes('wasm'), sym: parts['sym'] ?? '', report: parts['report'] ?? '' };
}

/** Keeps what was compiled. At once, so that nobody reads half of it. */
export function writeKept(folder: string, hash: string, { r1cs, wasm, sym, report }: CompiledCircuit): void {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const parts = { r1cs: base64(r1cs), wasm: base64(wasm), sym, report };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${hash}.json`);
  writeFileSync(`${path}.${process.pid}`, JSON.stringify({ digest: digestOf(parts), parts }));
  renameSync(`${path}.${process.pid}`, path);
}
