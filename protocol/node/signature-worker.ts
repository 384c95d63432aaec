import { signaturesHere } from '../credentials/signature-batch.ts';
import { equationByOpenssl } from './ed25519.ts';
import { answerJobs } from './worker-thread.ts';

/** A thread of `signature-pool.ts`. */
answerJobs(signaturesHere(equationByOpenssl));
