import { loadOwnCurve, loadThreadedCurve } from './groth16.ts';

/** Operations of a group of ffjavascript; points are bytes, affine or Jacobian. */
export interface Group {
  readonly zero: Uint8Array;
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  double(a: Uint8Array): Uint8Array;
  /** @param scalar - in Montgomery form */
  timesFr(point: Uint8Array, scalar: Uint8Array): Uint8Array;
  /** @param scalar - little-endian */
  timesScalar(point: Uint8Array, scalar: Uint8Array): Uint8Array;
  toAffine(point: Uint8Array): Uint8Array;
  toObject(point: Uint8Array): unknown;
  multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
}

/** Commands to one of ffjavascript's workers: it allocates, calls functions of its WASM, and returns what `GET` names. */
export type EngineTask = readonly Readonly<Record<string, unknown>>[];

/** What provers use of ffjavascript's BN254 engine, with the functions of {@link addBucketFunctions}. */
export interface ProvingEngine {
  readonly G1: Group;
  readonly G2: Group;
  readonly Fr: {
    readonly w: readonly Uint8Array[];
    e(value: bigint): Uint8Array;
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    mul(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(a: Uint8Array): Uint8Array;
    inv(a: Uint8Array): Uint8Array;
  };
  readonly tm: {
    /** Number of workers. */
    readonly concurrency: number;
    /** Whether it works in the calling thread. */
    readonly singleThread?: boolean | undefined;
    /** @param transfers - buffers of the task that go to the worker without being copied: here they are empty afterwards */
    queueAction(task: EngineTask, transfers?: readonly ArrayBufferLike[]): Promise<Uint8Array[]>;
  };
}

/** The engine with a worker a core, shared by the whole process; `terminate` of groth16.ts stops the workers. */
export function loadProvingEngine(): Promise<ProvingEngine> {
  return loadThreadedCurve() as Promise<ProvingEngine>;
}

/** An engine of the calling thread's own, without workers: as many threads prove as many proofs side by side. */
export function loadOwnProvingEngine(): Promise<ProvingEngine> {
  return loadOwnCurve() as Promise<ProvingEngine>;
}

/** The groups of a proof, by the name that the engine has for them. */
export type GroupName = 'G1' | 'G2';

/** Prefix of a group's WASM functions, and bytes of its points. */
export const GROUPS = {
  G1: { prefix: 'g1m', affine: 64, jacobian: 96 },
  G2: { prefix: 'g2m', affine: 128, jacobian: 192 },
} as const;

/** Bytes of a scalar. */
export const SCALAR_BYTES = 32;
