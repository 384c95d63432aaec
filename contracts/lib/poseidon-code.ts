import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Hex } from 'viem';
import { concat, size, toHex } from 'viem';
import { at } from '../../protocol/errors.ts';
import { r } from '../../protocol/math/field.ts';
import type { StackCode } from './stack-code.ts';
import { createStackCode } from './stack-code.ts';

// Poseidon of two inputs (t = 3, 8 full and 57 partial rounds, circomlib's parameters) as one straight line of EVM code: no loop, no memory but for
// the answer, the state on the stack. The partial rounds are in the sparse-matrix form that circomlibjs tabulates (Poseidon paper, appendix B).
// Solidity cannot express this: with viaIR the same rounds take three times the code and twice the gas.

const HALF_FULL = 4;
const PARTIAL = 57;
const INDEX = 1; // t − 2

interface Tables {
  readonly C: readonly bigint[];
  readonly M: readonly (readonly bigint[])[];
  readonly P: readonly (readonly bigint[])[];
  readonly S: readonly bigint[];
}

function loadTables(): Tables {
  const entry = createRequire(import.meta.url).resolve('circomlibjs');
  const file = join(dirname(entry), '..', 'src', 'poseidon_constants_opt.json');
  const { C, M, P, S } = JSON.parse(readFileSync(file, 'utf8')) as Record<keyof Tables, unknown[]>;
  const words = (list: unknown): bigint[] => (list as string[]).map(BigInt);
  const matrix = (list: unknown): bigint[][] => (list as unknown[]).map(words);
  return { C: words(C[INDEX]), M: matrix(M[INDEX]), P: matrix(P[INDEX]), S: words(S[INDEX]) };
}

/** top ← top^5 mod r; the top may be any word. Costs 48 gas. */
function power5(code: StackCode, name: string): void {
  code.rename('x');
  for (const square of ['x2', 'x4']) {
    code.copy('r');
    if (square === 'x2') code.copy('x');
    else {
      code.rename('modulus');
      code.exchange('x2');
    }
    code.rename('factor');
    code.copy('factor');
    code.run('MULMOD', square);
  }
  code.copy('r');
  code.rename('modulus');
  code.exchange('x');
  code.run('MULMOD', name);
}

/** Pushes constant·name mod r. */
function product(code: StackCode, name: string, constant: bigint): void {
  code.copy('r');
  code.copy(name);
  code.push(constant);
  code.run('MULMOD');
}

/** Pushes Σ row[j]·names[j], below 3r. */
function combination(code: StackCode, names: readonly string[], row: readonly bigint[]): void {
  names.forEach((name, j) => {
    product(code, name, at(row, j));
    if (j > 0) code.run('ADD');
  });
}

const STATE = ['s0', 's1', 's2'] as const;

/** Every element of the state to the fifth power, plus its round constant. */
function substituteAll(code: StackCode, constants: readonly bigint[]): void {
  STATE.forEach((name, i) => {
    code.exchange(name);
    power5(code, name);
    const constant = constants[i];
    if (constant === undefined) return;
    code.push(constant);
    code.run('ADD', name);
  });
}

/** state ← matrix·state; each element below 3r. */
function mix(code: StackCode, matrix: readonly (readonly bigint[])[]): void {
  const column = (i: number): bigint[] => matrix.map((row) => at(row, i));
  STATE.forEach((_, i) => {
    combination(code, STATE, column(i));
  });
  for (const i of [2, 1, 0]) code.replace(at(STATE, i));
}

/** name ← name + constant·y, reduced mod r if asked. */
function addProduct(code: StackCode, name: string, constant: bigint, reduce: boolean): void {
  code.exchange(name);
  if (reduce) {
    code.copy('r');
    code.rename('modulus');
    code.exchange(name);
  }
  product(code, 'y', constant);
  code.run(reduce ? 'ADDMOD' : 'ADD', name);
}

/** One partial round. s1 and s2 grow by less than r a round and are reduced in every third: 3r + 2r stays below 2^256. */
function partialRound(code: StackCode, tables: Tables, round: number): void {
  const sparse = tables.S.slice(5 * round, 5 * round + 5);
  const reduce = round % 3 === 2;
  code.exchange('s0');
  power5(code, 's0');
  code.push(at(tables.C, 3 * (HALF_FULL + 1) + round));
  code.run('ADD', 'y');
  combination(code, ['y', 's1', 's2'], sparse.slice(0, 3));
  code.rename('s0');
  addProduct(code, 's1', at(sparse, 3), reduce);
  addProduct(code, 's2', at(sparse, 4), reduce);
  code.exchange('y');
  code.run('POP');
}

/**
 * Runtime code of the contract that hashes: calldata is two words below r, the answer one word. The hash is that of {@link loadPoseidon}.
 *
 * @returns the code; it has no storage, no selfdestruct, and takes any caller
 */
export function poseidonRuntime(): Hex {
  const tables = loadTables();
  const { C, M, P } = tables;
  const code = createStackCode();
  code.push(r, 'r');
  code.push(at(C, 0), 's0');
  for (const [name, offset, constant] of [
    ['s1', 0n, at(C, 1)],
    ['s2', 32n, at(C, 2)],
  ] as const) {
    code.copy('r');
    code.push(offset);
    code.run('CALLDATALOAD');
    code.push(constant);
    code.run('ADDMOD', name);
  }
  for (let round = 1; round <= HALF_FULL; round++) {
    substituteAll(code, C.slice(3 * round, 3 * round + 3));
    mix(code, round < HALF_FULL ? M : P);
  }
  for (let round = 0; round < PARTIAL; round++) partialRound(code, tables, round);
  for (let round = 0; round < HALF_FULL; round++) {
    const from = 3 * (HALF_FULL + 1) + PARTIAL + 3 * round;
    substituteAll(code, round < HALF_FULL - 1 ? C.slice(from, from + 3) : []);
    if (round < HALF_FULL - 1) mix(code, M);
  }
  code.copy('r');
  combination(
    code,
    STATE,
    M.map((row) => at(row, 0)),
  );
  code.push(0n);
  code.run('ADDMOD');
  code.push(0n);
  code.run('MSTORE');
  code.push(32n);
  code.push(0n);
  code.run('RETURN');
  return code.hex();
}

/** Creation code that installs {@link poseidonRuntime}; no constructor arguments. */
export function poseidonCreation(): Hex {
  const runtime = poseidonRuntime();
  const length = toHex(size(runtime), { size: 2 });
  // PUSH2 length, DUP1, PUSH1 11, PUSH1 0, CODECOPY, PUSH1 0, RETURN: 12 bytes
  return concat(['0x61', length, '0x80600c6000396000f3', runtime]);
}
