import { leavesHere } from '../../../protocol/credentials/survey.ts';
import { answerJobs } from '../../../protocol/node/worker-thread.ts';

/** A thread of `leaf-pool.ts`. */
answerJobs(leavesHere);
