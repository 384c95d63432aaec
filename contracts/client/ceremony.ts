import type { Hex } from '../../protocol/encoding.ts';
import { at as item } from '../../protocol/errors.ts';
import { ceremonyAbi } from './abi/ceremony.ts';
import { asking } from './connection.ts';
import type { ElectionAt } from './election.ts';
import type { Stage } from './phases.ts';
import { STAGES } from './phases.ts';
import type { Confirmed, Sender } from './transact.ts';
import { callOf, transact } from './transact.ts';

/** Where the ceremony stands; times in Unix seconds, trustees by number. */
export interface CeremonyStatus {
  readonly attempt: number;
  readonly stage: Stage;
  /** Last block time at which a message of this stage is taken. */
  readonly deadline: number;
  /** Last block time at which an accusation is taken; 0 before `confirm`. */
  readonly accuseUntil: number;
  readonly active: readonly number[];
  /** Who has posted this stage's message. */
  readonly posted: readonly number[];
  /** Recipients of whom a share of this attempt was opened. */
  readonly opened: readonly number[];
}

/** What a trustee reveals (SPEC §7): words of Q lane-major, of K, z and the transport key. */
export interface RevealWords {
  readonly points: readonly bigint[];
  readonly k: readonly [bigint, bigint];
  readonly z: bigint;
  readonly transportKey: Hex;
}

/** A dealer's opened share; `revealWords` all words of the dealer's reveal: Q, K, z, transport key. */
export interface AnswerWords {
  readonly accuser: number;
  readonly lane: number;
  readonly share: bigint;
  readonly revealWords: readonly bigint[];
}

const contract = (at: ElectionAt) => ({ address: at.ceremony, abi: ceremonyAbi }) as const;

function call(at: ElectionAt, sender: Sender, name: string, args: readonly unknown[]): Promise<Confirmed> {
  return transact(sender, callOf(at.ceremony, ceremonyAbi, name, args));
}

function trusteesIn(bitmap: number): number[] {
  return Array.from({ length: 32 }, (_, i) => i + 1).filter((trustee) => ((bitmap >>> (trustee - 1)) & 1) === 1);
}

/** The ceremony's state at the newest block. @throws `chain/…` */
export async function readCeremony(at: ElectionAt): Promise<CeremonyStatus> {
  const state = await asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'state' }));
  return {
    ...{ attempt: state.attempt, stage: item(STAGES, state.stage) },
    ...{ deadline: state.deadline, accuseUntil: state.accuseUntil },
    ...{ active: trusteesIn(state.active), posted: trusteesIn(state.posted), opened: trusteesIn(state.opened) },
  };
}

/** What a confirmation is signed for (SPEC §7.1); zero before all deals are posted. @throws `chain/…` */
export function readTranscriptHash(at: ElectionAt): Promise<Hex> {
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'transcriptHash' }));
}

/** Words of PK (x, y) of the first `lanes` lanes, then of PK2. @throws `chain/no-keys` */
export function readPublicKeys(at: ElectionAt, lanes: number): Promise<readonly bigint[]> {
  const args = [BigInt(lanes)] as const;
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'publicKeys', args }));
}

/** Words of VK of a trustee of the first `lanes` lanes. @throws `chain/no-keys`, `chain/not-active` */
export function readVerificationKeys(at: ElectionAt, trustee: number, lanes: number): Promise<readonly bigint[]> {
  const args = [BigInt(trustee), BigInt(lanes)] as const;
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'verificationKeys', args }));
}

/** Stage 1 (SPEC §7). Any account may post a trustee's signed step. @throws `chain/wrong-stage`, `chain/not-the-trustee`, … */
export function postCommit(at: ElectionAt, sender: Sender, trustee: number, commitment: Hex, signature: Hex) {
  return call(at, sender, 'commit', [BigInt(trustee), commitment, signature]);
}

/** Stage 2. @throws `chain/not-committed-to`, `chain/bad-point`, `chain/bad-proof`, … */
export function postReveal(at: ElectionAt, sender: Sender, trustee: number, reveal: RevealWords, signature: Hex) {
  const { points, k, z, transportKey } = reveal;
  return call(at, sender, 'reveal', [BigInt(trustee), points, k, z, transportKey, signature]);
}

/** Stage 3. @param shares - 80 bytes for every other active trustee, ascending, and lane. @throws `chain/wrong-length`, … */
export function postDeal(at: ElectionAt, sender: Sender, trustee: number, shares: Hex, signature: Hex) {
  return call(at, sender, 'deal', [BigInt(trustee), shares, signature]);
}

/** Stage 4: all shares hold. @throws `chain/accusation-open`, … */
export function postConfirm(at: ElectionAt, sender: Sender, trustee: number, signature: Hex) {
  return call(at, sender, 'confirm', [BigInt(trustee), signature]);
}

/** Stage 4: the dealer's share of this lane does not hold. @throws `chain/bad-accusation`, `chain/late`, … */
export function postAccuse(
  at: ElectionAt,
  sender: Sender,
  trustee: number,
  accusation: { readonly dealer: number; readonly lane: number },
  signature: Hex,
) {
  return call(at, sender, 'accuse', [BigInt(trustee), BigInt(accusation.dealer), BigInt(accusation.lane), signature]);
}

/** The accused dealer opens the share. @throws `chain/no-accusation`, `chain/not-revealed`, … */
export function postAnswer(at: ElectionAt, sender: Sender, trustee: number, answer: AnswerWords, signature: Hex) {
  const { accuser, lane, share, revealWords } = answer;
  return call(at, sender, 'answer', [BigInt(trustee), BigInt(accuser), BigInt(lane), share, revealWords, signature]);
}

/** After a deadline: names who is missing and starts the next attempt; anyone may. @throws `chain/deadline-ahead`, … */
export function timeoutCeremony(at: ElectionAt, sender: Sender): Promise<Confirmed> {
  return call(at, sender, 'timeout', []);
}

/** Computes and stores the keys once all confirmed; anyone may. @param revealWords - all reveals, ascending. @throws `chain/unfinished`, … */
export function finishCeremony(at: ElectionAt, sender: Sender, revealWords: readonly bigint[]): Promise<Confirmed> {
  return call(at, sender, 'finish', [revealWords]);
}
