import type { Fault } from '../../../protocol/ballot/judge-update.ts';
import { staleFault } from '../../../protocol/ballot/judge-update.ts';
import { sentUpdate } from '../../../protocol/ballot/update-file.ts';
import type { UpdateFile } from '../../../protocol/ballot/update-file.ts';
import type { Posting } from '../../../protocol/checks/replay/ballots-replay.ts';
import type { SentUpdate } from '../../../protocol/checks/replay/update-words.ts';
import type { Timeline } from '../../../protocol/checks/replay/timeline.ts';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import type { Config } from '../../../protocol/config/config.ts';
import { decodeHex, decodeWord } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Receipt } from '../../../protocol/receipts/receipt.ts';
import type { UpdateStatement } from '../../../protocol/receipts/update-receipt.ts';
import { updateStatement } from '../../../protocol/receipts/update-receipt.ts';
import type { Office } from '../../frame/election.ts';
import type { BlockTime, ChainTime } from '../followed/block-time.ts';
import type { FollowedElection } from '../followed/cache.ts';
import type { Facts } from '../followed/facts.ts';
import type { BoxPoll, FindPoll } from '../followed/polls.ts';
import type { FollowedSlot } from '../followed/slot-bytes.ts';
import type { BoxStore } from '../store/box-store.ts';
import type { Promised } from '../store/updates.ts';
import { acceptUpdate, findPromise } from '../store/updates.ts';
import type { Admission } from './admission.ts';
import type { QueueTime } from './queue-time.ts';
import type { Step } from './judge-form.ts';
import { fullFault, proofClaim, stepOf } from './judge-form.ts';
import type { ProofBatches } from './proof-batches.ts';
import type { Turn } from './turn.ts';
import { firstTurn, laterTurn, standInDelay } from './turn.ts';

/** What taking updates in takes. */
export interface Intake {
  readonly context: UpdateFile['context'];
  readonly config: Config;
  /** Index and address of the box. */
  readonly box: { readonly index: number; readonly address: Hex };
  readonly sign: Office['sign'];
  readonly store: BoxStore;
  readonly followed: FollowedElection;
  readonly findPoll: FindPoll;
  readonly blockTime: BlockTime;
  /** Who hands updates in passes it before {@link takeUpdate}. */
  readonly admission: Admission;
  readonly proofs: ProofBatches;
  /** Tells how long what waits for the chain takes. */
  readonly queueTime: QueueTime;
  /** Seconds in which a first cast that was collected gets onto the chain if it waits for no other, and for which first casts are collected. */
  readonly promiseSeconds: number;
  readonly windowSeconds: number;
}

/**
 * Takes an update that somebody hands in: checks in order of what they cost, the proof last, and answers once it is on disk. A slot's
 * state is compared before it is looked up whether the update is known: what was on chain before, mask or vote, gets the same answer.
 *
 * @throws `update/*`, `updates/*`, `proof/coordinate`, `state/*`, `busy/*`, `chain/*` (SPEC §17.2)
 */
export async function takeUpdate(intake: Intake, file: UpdateFile): Promise<Receipt<UpdateStatement>> {
  const { followed, store, blockTime } = intake;
  const { poll, posting } = requirePoll(intake, file);
  const clock = await blockTime();
  requireVotingTime(posting, followed.facts(), clock);
  const sent = sentUpdate(file, poll.lanes);
  const state = await followed.slot(poll.poll, sent.nullifier);
  const { nonEmpty = 0 } = followed.facts().polls[poll.poll] ?? {};
  refuseFault(staleFault(sent, state) ?? fullFault(sent, poll, nonEmpty));
  const step = stepOf(sent);
  const known = await findPromise(store, { poll: poll.poll, slot: sent.nullifier, next: step.next });
  if (known !== undefined) return receiptOf(intake, file, step, known);
  requireOpen(posting.timeline, clock);
  const turn = await turnOf(intake, posting, sent, state, clock.time);
  const holds = await intake.proofs.verify(poll, proofClaim(poll, sent, state));
  require(holds, 'update/proof', 'the proof does not hold for this slot and poll');
  return receiptOf(intake, file, step, await persist(intake, file, sent, step, turn));
}

function requirePoll(
  { context, config, followed, findPoll }: Intake,
  { context: { chainId, election }, poll }: UpdateFile,
): { readonly poll: BoxPoll; readonly posting: Posting } {
  const same = chainId === context.chainId && election === context.election;
  require(same, 'update/election', 'the update is for another chain or contract');
  require(poll < config.polls.length, 'update/poll', 'there is no such poll');
  const facts = followed.facts();
  const found = findPoll(facts, poll);
  if (found === undefined || facts.sealed === null) {
    throw new UrnaError('state/roll', 'the roll of this poll is not sealed yet, or its keys are not made');
  }
  const sealedRootsHash = decodeWord(facts.sealed.rootsHash);
  return {
    poll: found,
    posting: { timeline: timeline(config, facts.extensions), boxes: config.boxes, sealedRootsHash },
  };
}

/** By a time that the chain has not told nothing is refused for good: it may have been extended. */
function requireVotingTime({ timeline: times }: Posting, { cancelled }: Facts, { time, silence }: ChainTime): void {
  require(!cancelled, 'state/cancelled', 'the election was cancelled');
  if (silence > 0) return;
  require(time >= times.opensAt, 'state/time', 'voting is not open yet');
  require(time < times.graceEndsAt, 'state/closed', 'voting is over');
}

/** Seconds for which a box takes new updates without seeing the chain: few beside those that it promises with. */
export const SIGHT = 15;

/** A box that has lost sight of the chain cannot tell when it posts, nor, near the close, whether voting is open: it promises nothing new. */
function requireOpen({ opensAt, closesAt }: Timeline, { time, silence }: ChainTime): void {
  if (silence === 0) {
    require(time < closesAt, 'state/closed', 'voting is over: only what was accepted before is posted');
    return;
  }
  const inSight = silence < SIGHT && time >= opensAt && time < closesAt;
  require(inSight, 'busy/chain', 'the box does not see the chain: hand it to another box, or here in a little while');
}

function refuseFault(fault: Fault | undefined): void {
  if (fault !== undefined) throw new UrnaError(fault.code, fault.reason);
}

async function turnOf(
  { box, queueTime, promiseSeconds, windowSeconds }: Intake,
  posting: Posting,
  { nullifier }: SentUpdate,
  state: FollowedSlot | undefined,
  time: number,
): Promise<Turn> {
  if (state !== undefined) return laterTurn(posting, box.index, nullifier, state.round, time);
  const waitOf = (round: number): number => standInDelay(posting, box.index, nullifier, round, windowSeconds);
  return firstTurn(posting, time, windowSeconds + promiseSeconds, await queueTime(), waitOf);
}

/** Whether it is still in time is asked once more: proofs may have waited. */
async function persist(
  { config, store, followed, blockTime }: Intake,
  { poll, first, words }: UpdateFile,
  { nullifier }: SentUpdate,
  step: Step,
  turn: Turn,
): Promise<Promised> {
  const times = timeline(config, followed.facts().extensions);
  const clock = await blockTime();
  if (clock.silence > 0) requireOpen(times, clock);
  const open = clock.time < times.closesAt;
  const update = { poll, slot: nullifier, first, ...step, words: decodeHex(words), ...turn };
  return acceptUpdate(store, update, open);
}

function receiptOf(
  { sign, box, context }: Intake,
  { poll }: UpdateFile,
  { next: head }: Step,
  { tracker, round, by }: Promised,
): Receipt<UpdateStatement> {
  return sign(updateStatement({ context, poll, box: box.address, tracker, head, round, by }));
}
