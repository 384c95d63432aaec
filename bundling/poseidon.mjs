// What bundles and tests take of circomlibjs: its Poseidon in WebAssembly, and of its constants those of the hashes that Urna makes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Widths: of one and of two inputs, there are no others in the protocol. All sixteen would be two megabytes to read and half a second of work before the first hash. */
const WIDTHS = 2;
const SOURCES = join(dirname(createRequire(import.meta.url).resolve('circomlibjs')), '../src');

/** The module with the hash. The package's own entry loads a whole Ethereum library beside it. */
export const POSEIDON = join(SOURCES, 'poseidon_wasm.js');
/** The module from which that one takes its constants. */
export const CONSTANTS = join(SOURCES, 'poseidon_constants_opt.js');

/** The constants that are left. */
const all = JSON.parse(readFileSync(join(SOURCES, 'poseidon_constants_opt.json'), 'utf8'));
export default Object.fromEntries(Object.entries(all).map(([name, widths]) => [name, widths.slice(0, WIDTHS)]));
