import type { Hex } from '../../protocol/encoding.ts';
import { require } from '../../protocol/errors.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { decodeCircuitKey } from '../ballots/circuit-key.ts';
import { ballotsAbi } from './abi/ballots.ts';
import { asking } from './connection.ts';
import type { ElectionAt } from './election.ts';
import type { Call, Confirmed, Sender } from './transact.ts';
import { callOf, transact } from './transact.ts';

/** Words of a batch of updates of one poll (SPEC §11): first casts, then changed votes and masks. */
export interface UpdateBatch {
  readonly poll: number;
  readonly firsts: readonly bigint[];
  readonly laters: readonly bigint[];
}

/** What a poll holds now. */
export interface PollState {
  /** Members of the poll's district, 0 before the poll is prepared. */
  readonly members: number;
  readonly nonEmpty: number;
  /** K_poll, a point of BN254 G1; (0, 0) before the poll is prepared. */
  readonly key: { readonly x: bigint; readonly y: bigint };
}

const contract = (at: ElectionAt) => ({ address: at.ballots, abi: ballotsAbi }) as const;

/** Slot word `head·2^8 + (round + 1)`, 0 for an empty slot (SPEC §2). @throws `chain/…` */
export function readSlot(at: ElectionAt, poll: number, nullifier: bigint): Promise<bigint> {
  const args = [BigInt(poll), nullifier] as const;
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'slot', args }));
}

/** Members, non-empty slots and K_poll, at one block. @throws `chain/…` */
export async function readPoll(at: ElectionAt, poll: number): Promise<PollState> {
  const { rpc } = at.connection;
  const blockNumber = await asking(rpc.getBlockNumber());
  const view = { ...contract(at), args: [BigInt(poll)], blockNumber } as const;
  const [members, nonEmpty, [x, y]] = await Promise.all([
    asking(rpc.readContract({ ...view, functionName: 'members' })),
    asking(rpc.readContract({ ...view, functionName: 'nonEmpty' })),
    asking(rpc.readContract({ ...view, functionName: 'pollKey' })),
  ]);
  return { members: Number(members), nonEmpty: Number(nonEmpty), key: { x, y } };
}

/** Words of the poll's sums: R.x, R.y, C_0.x, C_0.y, … @throws `chain/not-prepared` */
export function readSums(at: ElectionAt, poll: number): Promise<readonly bigint[]> {
  const args = [BigInt(poll)] as const;
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'sums', args }));
}

/** Address of the verifying key for this many lanes, or undefined. @throws `chain/…` */
export async function readCircuitKey(at: ElectionAt, lanes: number): Promise<Hex | undefined> {
  const args = [BigInt(lanes)] as const;
  const key = await asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'circuitKey', args }));
  return BigInt(key) === 0n ? undefined : (key.toLowerCase() as Hex);
}

/** The verifying key that the contract uses for this many lanes. @throws `vkey/*`, `chain/no-circuit`, `chain/…` */
export async function readVerifyingKey(at: ElectionAt, lanes: number): Promise<VerifyingKey> {
  const address = await readCircuitKey(at, lanes);
  require(address !== undefined, 'chain/no-circuit', `the election has no circuit with ${lanes} lanes`);
  const code = await asking(at.connection.rpc.getCode({ address }));
  return decodeCircuitKey(code ?? '0x');
}

/** Computes K_poll once roll and keys are final; anyone may. @throws `chain/not-ready`, `chain/already-prepared`, … */
export function preparePoll(at: ElectionAt, sender: Sender, poll: number): Promise<Confirmed> {
  return transact(sender, callOf(at.ballots, ballotsAbi, 'preparePoll', [BigInt(poll)]));
}

/** The call that posts a batch, for `submit` and `confirm` where batches overlap. */
export function updateCall(at: ElectionAt, { poll, firsts, laters }: UpdateBatch): Call {
  return callOf(at.ballots, ballotsAbi, 'update', [BigInt(poll), firsts, laters]);
}

/** Posts a batch of updates. What does not fit its slot is skipped, not refused: read the slots. @throws `chain/proofs-invalid`, … */
export function postUpdates(at: ElectionAt, sender: Sender, batch: UpdateBatch): Promise<Confirmed> {
  return transact(sender, updateCall(at, batch));
}

/**
 * Runs a batch against the newest block without sending it: what a box does before it pays.
 *
 * @throws what {@link postUpdates} would throw
 */
export async function dryRunUpdates(at: ElectionAt, sender: Sender, batch: UpdateBatch): Promise<void> {
  const { to, data } = updateCall(at, batch);
  await asking(at.connection.rpc.call({ account: sender.account, to: to ?? null, data }));
}
