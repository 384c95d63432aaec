import type { Hex } from '../../protocol/encoding.ts';
import { at as item } from '../../protocol/errors.ts';
import { tallyAbi } from './abi/tally.ts';
import { asking } from './connection.ts';
import type { ElectionAt } from './election.ts';
import type { Confirmed, Sender } from './transact.ts';
import { callOf, transact } from './transact.ts';

/** States of a unit in the contract's order (SPEC §12.2); `none` before it is aggregated, `open` to be decrypted. */
export const UNIT_STATES = ['none', 'merged', 'empty', 'withheld', 'open'] as const;
export type UnitState = (typeof UNIT_STATES)[number];

/** What became of a unit. */
export interface UnitResult {
  readonly state: UnitState;
  /** True once its counts are final. */
  readonly counted: boolean;
  /** Occupied slots behind it, after merging. */
  readonly nonEmpty: number;
  /** One an option of the contest's circuit; zeros where nothing was decrypted. */
  readonly counts: readonly number[];
}

/** Words of a partial decryption (SPEC §12.3): Q_0.x, Q_0.y, …, and `A8.x, A8.y, B8.x, B8.y, z`. */
export interface DecryptionWords {
  readonly unit: number;
  readonly trustee: number;
  readonly points: readonly bigint[];
  readonly proof: readonly [bigint, bigint, bigint, bigint, bigint];
}

const contract = (at: ElectionAt) => ({ address: at.tally, abi: tallyAbi }) as const;

function call(at: ElectionAt, sender: Sender, name: string, args: readonly unknown[]): Promise<Confirmed> {
  return transact(sender, callOf(at.tally, tallyAbi, name, args));
}

/** True once every unit has its final state. @throws `chain/…` */
export function isCounted(at: ElectionAt): Promise<boolean> {
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'isCounted' }));
}

/** H("result", …) of all units (SPEC §12.4). @throws `chain/not-counted` */
export function readResultHash(at: ElectionAt): Promise<Hex> {
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'resultHash' }));
}

/** State, slots and counts of a unit (global index). @throws `chain/…` */
export async function readUnitResult(at: ElectionAt, unit: number): Promise<UnitResult> {
  const args = [BigInt(unit)] as const;
  const view = { ...contract(at), functionName: 'unitResult', args } as const;
  const [state, counted, nonEmpty, counts] = await asking(at.connection.rpc.readContract(view));
  return { state: item(UNIT_STATES, state), counted, nonEmpty: Number(nonEmpty), counts: counts.map(Number) };
}

/** Words of a unit's sums, R then C of every lane; empty before it is aggregated. @throws `chain/…` */
export function readUnitSums(at: ElectionAt, unit: number): Promise<readonly bigint[]> {
  const args = [BigInt(unit)] as const;
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'unitSums', args }));
}

/** Words of D_j of a trustee's accepted posting, not eighths; empty if there is none. @throws `chain/…` */
export function readDecryption(at: ElectionAt, unit: number, trustee: number): Promise<readonly bigint[]> {
  const args = [BigInt(unit), BigInt(trustee)] as const;
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'decryption', args }));
}

/** Numbers of the trustees that have posted for a unit, ascending. @throws `chain/…` */
export async function readDecryptors(at: ElectionAt, unit: number): Promise<number[]> {
  const args = [BigInt(unit)] as const;
  const view = { ...contract(at), functionName: 'decryptionsOf', args } as const;
  const bitmap = await asking(at.connection.rpc.readContract(view));
  return Array.from({ length: 32 }, (_, i) => i + 1).filter((each) => ((bitmap >> BigInt(each - 1)) & 1n) === 1n);
}

/**
 * Adds up the sums of `count` units from `first` (global index) on; anyone may, once the election is settled. The contract's `aggregate`,
 * all units of a contest at once, exceeds a transaction where there are many.
 *
 * @throws `chain/not-settled`, …
 */
export function aggregateUnits(at: ElectionAt, sender: Sender, first: number, count: number): Promise<Confirmed> {
  return call(at, sender, 'aggregateUnits', [BigInt(first), BigInt(count)]);
}

/** Posts a trustee's signed partial decryption. @throws `chain/bad-proof`, `chain/already-posted`, … */
export function postDecryption(at: ElectionAt, sender: Sender, posting: DecryptionWords, signature: Hex) {
  const { unit, trustee, points, proof } = posting;
  return call(at, sender, 'postDecryption', [BigInt(unit), BigInt(trustee), points, proof, signature]);
}

/** Posts a unit's counts. @throws `chain/count-too-large`, `chain/wrong-counts`, `chain/too-few-decryptions`, … */
export function submitCounts(at: ElectionAt, sender: Sender, unit: number, counts: readonly number[]) {
  return call(at, sender, 'submitCounts', [BigInt(unit), counts.map(BigInt)]);
}
