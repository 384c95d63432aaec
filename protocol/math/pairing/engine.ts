import { loadSingleThreadCurve } from '../groth16.ts';

type Unary = (x: number, result: number) => void;
type Binary = (x: number, y: number, result: number) => void;
type BatchInverse = (input: number, inputStep: number, count: number, output: number, outputStep: number) => void;

/** The WASM functions of ffjavascript's BN254 that are used here. All arguments are addresses; elements are in Montgomery form. */
export interface PairingExports {
  readonly f1m_toMontgomery: Unary;
  readonly f1m_add: Binary;
  readonly f1m_sub: Binary;
  readonly f1m_mul: Binary;
  readonly f1m_square: Unary;
  readonly f1m_neg: Unary;
  readonly f1m_copy: Unary;
  readonly f1m_isZero: (x: number) => number;
  /** Leaves 0 for 0. */
  readonly f1m_batchInverse: BatchInverse;
  readonly f2m_add: Binary;
  readonly f2m_sub: Binary;
  readonly f2m_neg: Unary;
  readonly f2m_mul: Binary;
  /** Times an element of the base field. */
  readonly f2m_mul1: Binary;
  readonly f2m_square: Unary;
  readonly f2m_conjugate: Unary;
  readonly f2m_copy: Unary;
  readonly f2m_eq: (x: number, y: number) => number;
  readonly g1m_isZero: (x: number) => number;
  readonly g1m_zero: (x: number) => void;
  readonly g1m_double: Unary;
  /** Jacobian plus affine. */
  readonly g1m_addMixed: Binary;
  readonly g1m_neg: Unary;
  readonly g1m_multiexpAffine: (
    bases: number,
    scalars: number,
    scalarBytes: number,
    count: number,
    result: number,
  ) => void;
  readonly ftm_one: (x: number) => void;
  readonly ftm_square: Unary;
  readonly ftm_isOne: (x: number) => number;
  readonly bn128_finalExponentiation: Unary;
}

/** A private instance of the WASM with memory of its own: no workers, nothing to stop. */
export interface PairingEngine {
  readonly wasm: PairingExports;
  readonly memory: WebAssembly.Memory;
}

let loaded: Promise<PairingEngine> | undefined;

/** The engine, built once (0.3 s). */
export function loadPairingEngine(): Promise<PairingEngine> {
  loaded ??= loadSingleThreadCurve().then(({ tm }) => ({
    wasm: tm.instance.exports as unknown as PairingExports,
    memory: tm.memory,
  }));
  return loaded;
}

/** The WASM's own allocator keeps the first free address in word 0 and never grows the memory. */
const SLACK = 1 << 20;

/**
 * Runs `work` with an allocator whose memory is given back afterwards. `work` must not wait: nothing else may run
 * between allocation and release.
 *
 * @param bytes - upper bound of what will be allocated
 */
export function withMemory<T>(
  { memory }: PairingEngine,
  bytes: number,
  work: (alloc: (bytes: number) => number) => T,
): T {
  const mark = new Uint32Array(memory.buffer, 0, 1)[0] ?? 0;
  const missing = mark + bytes + SLACK - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  const top = new Uint32Array(memory.buffer, 0, 1);
  const alloc = (size: number): number => {
    const address = ((top[0] ?? 0) + 7) & ~7;
    top[0] = address + size;
    return address;
  };
  try {
    return work(alloc);
  } finally {
    top[0] = mark;
  }
}

/** Writes words of 32 bytes, little-endian, from `address` on. */
export function writeWords({ memory }: PairingEngine, address: number, words: readonly bigint[]): void {
  const view = new DataView(memory.buffer, address, words.length * 32);
  words.forEach((word, i) => {
    for (let limb = 0; limb < 4; limb++) {
      view.setBigUint64(i * 32 + limb * 8, BigInt.asUintN(64, word >> BigInt(64 * limb)), true);
    }
  });
}

/** Writes base-field elements in Montgomery form. */
export function writeElements(engine: PairingEngine, address: number, elements: readonly bigint[]): void {
  writeWords(engine, address, elements);
  elements.forEach((_, i) => engine.wasm.f1m_toMontgomery(address + i * 32, address + i * 32));
}
