import { loadTreeHash } from '../../protocol/math/poseidon.ts';
import { answerJobs } from '../../protocol/node/worker-thread.ts';

/** A thread of `tile-pool.ts`: the root of a tile's leaves. */
answerJobs(async (leaves: Uint8Array) => (await loadTreeHash())(leaves));
