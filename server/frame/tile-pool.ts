import { availableParallelism } from 'node:os';
import { WorkerPool } from '../../protocol/node/worker-pool.ts';

/** The bundled worker: threads load no TypeScript. */
const WORKER = new URL('../../dist/tile-worker.mjs', import.meta.url);

/** Threads that hash tiles of a roll (SPEC §6.3): leaves as words in, their root as a word out. */
export type TilePool = WorkerPool<Uint8Array, Uint8Array>;

/** Threads that hash tiles, one a core. Close it when done. */
export function openTilePool(size = availableParallelism()): TilePool {
  return new WorkerPool(WORKER, size);
}
