import type { ElectionAt, ElectionStatus } from '../../contracts/client/election.ts';
import { readStatus } from '../../contracts/client/election.ts';
import { UrnaError } from '../../protocol/errors.ts';
import { areSealed } from './sealed-keys.ts';
import type { SealedKeys } from './sealed-keys.ts';

/** How long one look at the chain serves what need not be decided by the second, in milliseconds. */
const FRESH = 1_000;

/** What the registrar knows of the chain. */
export interface ChainWatch {
  /** Where the election stands, at most a second ago. @throws `chain/*` */
  status(): Promise<ElectionStatus>;
  /**
   * Block time (Unix seconds) at the chain's newest block, looked at after this was called, of an election whose registration is open and whose lists
   * are the sealed ones.
   *
   * @throws `state/registration`, `state/credentials`, `credential-list/sealed`, `chain/*`
   */
  registrationTime(): Promise<number>;
  /** Refuses what only who has not registered yet, or is registering, may do. @throws `state/registration` when registration is over, `chain/*` */
  requireBeforeEnd(): Promise<void>;
}

interface Look {
  readonly asked: number;
  readonly answer: Promise<ElectionStatus>;
}

/** Watches an election: many requests at once ask the node once. */
export function watchChain(at: ElectionAt, sealed: SealedKeys): ChainWatch {
  let last: Look | undefined;
  let next: Promise<ElectionStatus> | undefined;
  let agreed = false;
  const look = (): Promise<ElectionStatus> => {
    const own = { asked: performance.now(), answer: readStatus(at) };
    last = own;
    own.answer.catch(() => last === own && (last = undefined));
    return own.answer;
  };
  const status = (): Promise<ElectionStatus> =>
    last !== undefined && performance.now() - last.asked < FRESH ? last.answer : look();
  /** A look that begins after it was asked for: who comes while one is under way shares the one after it. */
  const newest = (): Promise<ElectionStatus> => {
    next ??= Promise.allSettled([last?.answer]).then(() => {
      next = undefined;
      return look();
    });
    return next;
  };
  const registrationTime = async (): Promise<number> => {
    agreed ||= await areSealed(at, sealed);
    const { phase, blockTime } = await newest();
    if (phase !== 'registering') throw new UrnaError('state/registration', sentenceOf(phase));
    if (!agreed) throw new UrnaError('state/credentials', 'the credential lists are not sealed on chain');
    return Number(blockTime);
  };
  const requireBeforeEnd = async (): Promise<void> => {
    const { phase } = await newest();
    if (phase !== 'defined' && phase !== 'registering') throw new UrnaError('state/registration', sentenceOf(phase));
  };
  return { status, registrationTime, requireBeforeEnd };
}

function sentenceOf(phase: ElectionStatus['phase']): string {
  if (phase === 'defined') return 'registration has not opened yet';
  return phase === 'cancelled' ? 'the election was cancelled' : 'registration is over';
}
