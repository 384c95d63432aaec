import { availableParallelism } from 'node:os';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import type { LeafHasher } from '../../../protocol/credentials/survey.ts';
import { leavesHere } from '../../../protocol/credentials/survey.ts';
import { WorkerPool } from '../../../protocol/node/worker-pool.ts';

/** The bundled worker: threads load no TypeScript. */
const WORKER = new URL('../../../dist/leaf-worker.mjs', import.meta.url);
/** Fewer entries are hashed before a thread has started. */
const FEW = 512;

/** Runs `use` with threads that hash registrations (SPEC §5.6), one a core but for the one that reads them. */
export async function withLeafThreads<T>(use: (hash: LeafHasher) => Promise<T>): Promise<T> {
  const size = Math.max(1, availableParallelism() - 1);
  const pool = new WorkerPool<readonly RegisterEvent[], readonly bigint[]>(WORKER, size);
  try {
    return await use((entries) => (entries.length < FEW ? leavesHere(entries) : pool.run(entries)));
  } finally {
    await pool.close();
  }
}
