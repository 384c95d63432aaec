import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UrnaError } from '../protocol/errors.ts';

/** What the compiler makes of a main circuit. */
export interface CompiledCircuit {
  readonly r1cs: Uint8Array;
  readonly wasm: Uint8Array;
  /** Names of wires and labels, one a line. */
  readonly sym: string;
  /** Its report: constraints, inputs, and every warning. */
  readonly report: string;
}

/** Deviations from how the committed artifacts are compiled: for tests and comparisons. */
export interface CompileOptions {
  readonly simplify?: boolean;
  readonly libraries?: readonly string[];
}

/** The compiler, as manifests name it. */
export const COMPILER = 'circom 2.2.3 (npm circom2 0.2.23), --O2';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Compiles a main circuit with circom (the WASM build of npm), `--O2 --inspect`; the same bytes on every machine.
 *
 * @param source - path of the main file, relative to the project
 * @param out - folder for the compiler's files, relative to the project
 * @param options - `simplify: false` keeps every signal as a wire; `libraries` are searched for includes
 * @throws `circuit/compile` with the compiler's words
 */
export function compileCircuit(source: string, out: string, options: CompileOptions = {}): CompiledCircuit {
  mkdirSync(join(ROOT, out), { recursive: true });
  const cli = join(dirname(createRequire(import.meta.url).resolve('circom2/package.json')), 'cli.js');
  const outputs = ['--r1cs', '--wasm', '--sym', options.simplify === false ? '--O0' : '--O2', '--inspect'];
  const libraries = (options.libraries ?? ['node_modules']).flatMap((folder) => ['-l', folder]);
  const run = spawnSync(process.execPath, [cli, source, ...outputs, ...libraries, '-o', out], {
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
