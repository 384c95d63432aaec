import type { ElectionAt, ElectionStatus } from '../../contracts/client/election.ts';
import { readStatus } from '../../contracts/client/election.ts';
import { UrnaError } from '../../protocol/errors.ts';
import { areSealed } from './sealed-keys.ts';
import type { SealedKeys } from './sealed-keys.ts';

/** How long one look at the chain serves all requests, in milliseconds. */
const FRESH = 1_000;

/** What the registrar knows of the chain. */
export interface ChainWatch {
  /** Where the election stands, at most a second ago. @throws `chain/*` */
  status(): Promise<ElectionStatus>;
  /** Block time (Unix seconds) of an election whose registration is open and whose lists are the sealed ones. @throws `state/registration`, `state/credentials`, `credential-list/sealed`, `chain/*` */
  registrationTime(): Promise<number>;
}

/** Watches an election: many requests at once ask the node once. */
export function watchChain(at: ElectionAt, sealed: SealedKeys): ChainWatch {
  let last: { readonly asked: number; readonly answer: Promise<ElectionStatus> } | undefined;
  let agreed = false;
  const status = (): Promise<ElectionStatus> => {
    if (last !== undefined && performance.now() - last.asked < FRESH) return last.answer;
    const answer = readStatus(at);
    last = { asked: performance.now(), answer };
    answer.catch(() => (last = undefined));
    return answer;
  };
  const registrationTime = async (): Promise<number> => {
    const { phase, blockTime } = await status();
    if (phase !== 'registering') throw new UrnaError('state/registration', sentenceOf(phase));
    agreed ||= await areSealed(at, sealed);
    if (!agreed) throw new UrnaError('state/credentials', 'the credential lists are not sealed on chain');
    return Number(blockTime);
  };
  return { status, registrationTime };
}

function sentenceOf(phase: ElectionStatus['phase']): string {
  if (phase === 'defined') return 'registration has not opened yet';
  return phase === 'cancelled' ? 'the election was cancelled' : 'registration is over';
}
