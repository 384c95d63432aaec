import { availableParallelism } from 'node:os';
import type { ProvedUpdate, ProvingArtifacts } from '../ballot/prove.ts';
import type { MaskJob } from '../ballot/prove-mask.ts';
import { WorkerPool } from './worker-pool.ts';

/** The bundled worker: threads load no TypeScript. */
const WORKER = new URL('../../dist/proving-worker.mjs', import.meta.url);

/** Circuits by their number of lanes; the bytes are shared between threads. */
export type SharedCircuits = ReadonlyMap<number, ProvingArtifacts>;

/** Threads that prove masks, each with an engine of its own. A resource: {@link ProvingPool.close} ends them, and with them what they remember. */
export class ProvingPool {
  readonly #pool: WorkerPool<MaskJob, ProvedUpdate>;

  /** @param circuits - by lanes; whoever reads them has compared their hashes with the manifests */
  constructor(circuits: ReadonlyMap<number, ProvingArtifacts>, size = availableParallelism()) {
    const shared: SharedCircuits = new Map(
      [...circuits].map(([lanes, { wasm, zkey }]) => [lanes, { wasm: share(wasm), zkey: share(zkey) }]),
    );
    this.#pool = new WorkerPool(WORKER, size, { circuits: shared });
  }

  /** Jobs that no thread has taken yet. */
  get waiting(): number {
    return this.#pool.waiting;
  }

  /** A mask of the slot in the state given, with its proof; a second or two of one core. @throws `artifacts/missing`, `proof/witness`, `internal/worker` */
  prove(job: MaskJob): Promise<ProvedUpdate> {
    return this.#pool.run(job);
  }

  /** Ends all threads; jobs that were not done have no answer. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

function share(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
