import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UrnaError } from '../protocol/errors.ts';
import type { CompiledCircuit } from './kept.ts';
import { readKept, sourcesHash, writeKept } from './kept.ts';

/** Deviations from how the committed artifacts are compiled: for tests and comparisons. */
export interface CompileOptions {
  readonly simplify?: boolean;
  readonly libraries?: readonly string[];
}

/** The compiler, as manifests name it. */
export const COMPILER = 'circom 2.2.3 (npm circom2 0.2.23), --O2';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Results by the hash of everything they depend on: a change compiles again, and nothing else does. */
const KEPT = join(ROOT, '.cache/circuits/kept');

/**
 * Compiles a main circuit with circom (the WASM build of npm), `--O2 --inspect`; the same bytes on every machine. What was compiled here before
 * from the very same sources, by the same compiler, is not compiled again.
 *
 * @param source - path of the main file, relative to the project
 * @param out - folder for the compiler's files, relative to the project
 * @param options - `simplify: false` keeps every signal as a wire; `libraries` are searched for includes
 * @throws `circuit/compile` with the compiler's words
 */
export function compileCircuit(source: string, out: string, options: CompileOptions = {}): CompiledCircuit {
  const outputs = ['--r1cs', '--wasm', '--sym', options.simplify === false ? '--O0' : '--O2', '--inspect'];
  const libraries = options.libraries ?? ['node_modules'];
  const folders = libraries.map((folder) => join(ROOT, folder));
  const hash = sourcesHash([compilerVersion(), ...outputs], join(ROOT, source), folders);
  const before = hash === undefined ? undefined : readKept(KEPT, hash);
  if (before !== undefined) return before;
  const compiled = runCompiler(source, out, [...outputs, ...libraries.flatMap((folder) => ['-l', folder])]);
  if (hash !== undefined) writeKept(KEPT, hash, compiled);
  return compiled;
}

const requireHere = createRequire(import.meta.url);

function compilerVersion(): string {
  const { version } = requireHere('circom2/package.json') as { readonly version: string };
  return version;
}

function runCompiler(source: string, out: string, words: readonly string[]): CompiledCircuit {
  mkdirSync(join(ROOT, out), { recursive: true });
  const cli = join(dirname(requireHere.resolve('circom2/package.json')), 'cli.js');
  const run = spawnSync(process.execPath, [cli, source, ...words, '-o', out], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const report = `${run.stdout}\n${run.stderr}`;
  if (run.status !== 0) throw new UrnaError('circuit/compile', `circom refused ${source}: ${report}`);
  const name = source.replace(/^.*\/|\.circom$/g, '');
  const file = (...parts: readonly string[]): Uint8Array => Uint8Array.from(readFileSync(join(ROOT, out, ...parts)));
  return {
    r1cs: file(`${name}.r1cs`),
    wasm: file(`${name}_js`, `${name}.wasm`),
    sym: readFileSync(join(ROOT, out, `${name}.sym`), 'utf8'),
    report,
  };
}
