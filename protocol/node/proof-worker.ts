import { verifyHere } from '../checks/proof-queue.ts';
import { answerJobs } from './worker-thread.ts';

/** A thread of `proof-pool.ts`. */
answerJobs(verifyHere);
