import type { SealedCredentials } from '../../protocol/acts/objects.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { rollAbi } from './abi/roll.ts';
import { asking } from './connection.ts';
import type { ElectionAt, SignedAct } from './election.ts';
import type { Confirmed, Sender } from './transact.ts';
import { callOf, transact } from './transact.ts';

/** What the credential authority seals for one district (SPEC §5). */
export interface CredentialRoots {
  readonly root: Hex;
  readonly count: number;
  readonly reserveRoot: Hex;
  readonly reserveCount: number;
}

/** A version of the roll. */
export interface RollVersion {
  readonly version: number;
  readonly registrationsRoot: Hex;
  /** Block time of its completion, Unix seconds; 0 before. */
  readonly completedAt: number;
  /** H("roots", …), zero before its completion (SPEC §2). */
  readonly rootsHash: Hex;
}

/** Where a district of a version stands: members appended so far, root once closed, greatest commitment. */
export interface DistrictState {
  readonly members: number;
  readonly root: bigint;
  readonly last: bigint;
}

const contract = (at: ElectionAt) => ({ address: at.roll, abi: rollAbi }) as const;

function call(at: ElectionAt, sender: Sender, name: string, args: readonly unknown[]): Promise<Confirmed> {
  return transact(sender, callOf(at.roll, rollAbi, name, args));
}

/** Roots and counts of a district's sealed credential lists; zeros before they are sealed. @throws `chain/…` */
export async function readSealedCredentials(at: ElectionAt, district: number): Promise<SealedCredentials> {
  const { root, count, reserveRoot, reserveCount } = await asking(
    at.connection.rpc.readContract({ ...contract(at), functionName: 'credentials', args: [BigInt(district)] }),
  );
  return { root: BigInt(root), count, reserveRoot: BigInt(reserveRoot), reserveCount };
}

/** True once a version is sealed. @throws `chain/…` */
export function isRollSealed(at: ElectionAt): Promise<boolean> {
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'isSealed' }));
}

/** H("roots", …) of the sealed version (SPEC §2). @throws `chain/not-sealed` */
export function readSealedRootsHash(at: ElectionAt): Promise<Hex> {
  return asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'sealedRootsHash' }));
}

/** Root and size of a district in the sealed version; root 0 for an empty one. @throws `chain/not-sealed`, `chain/no-such-district` */
export async function readSealedRoll(at: ElectionAt, district: number): Promise<{ root: bigint; members: number }> {
  const [root, members] = await asking(
    at.connection.rpc.readContract({ ...contract(at), functionName: 'sealedRoll', args: [BigInt(district)] }),
  );
  return { root, members: Number(members) };
}

/** The newest version of the roll, or undefined before the first. @throws `chain/…` */
export async function readNewestVersion(at: ElectionAt): Promise<RollVersion | undefined> {
  const version = await asking(at.connection.rpc.readContract({ ...contract(at), functionName: 'currentVersion' }));
  if (version === 0n) return undefined;
  const [registrationsRoot, completedAt, rootsHash] = await asking(
    at.connection.rpc.readContract({ ...contract(at), functionName: 'versionState', args: [version] }),
  );
  return { version: Number(version), registrationsRoot, completedAt: Number(completedAt), rootsHash };
}

/** A district of a version: where an interrupted registrar goes on. @throws `chain/…` */
export async function readDistrictState(at: ElectionAt, version: number, district: number): Promise<DistrictState> {
  const args = [BigInt(version), BigInt(district)] as const;
  const [members, root, last] = await asking(
    at.connection.rpc.readContract({ ...contract(at), functionName: 'districtState', args }),
  );
  return { members: Number(members), root, last };
}

/** Seals the credential lists, one a district, by act `credentials`. @throws `chain/…` */
export function sealCredentials(
  at: ElectionAt,
  sender: Sender,
  lists: readonly CredentialRoots[],
  { expiry, signatures }: SignedAct,
): Promise<Confirmed> {
  return call(at, sender, 'sealCredentials', [lists, expiry, signatures]);
}

/**
 * Begins the next version; `sender` must be the registrar. @param signed - act `version`; undefined for version 1
 *
 * @throws `chain/not-the-registrar`, `chain/unexpected-act`, `chain/wrong-phase`, …
 */
export function beginVersion(
  at: ElectionAt,
  sender: Sender,
  object: { readonly registrationsRoot: Hex; readonly reasonsHash: Hex },
  signed?: SignedAct,
): Promise<Confirmed> {
  const { expiry, signatures } = signed ?? { expiry: 0n, signatures: [] };
  return call(at, sender, 'beginVersion', [object.registrationsRoot, object.reasonsHash, expiry, signatures]);
}

/** Appends members to a district; strictly increasing. @throws `chain/out-of-order`, `chain/roll-full`, … */
export function appendMembers(
  at: ElectionAt,
  sender: Sender,
  batch: { readonly version: number; readonly district: number; readonly commitments: readonly bigint[] },
): Promise<Confirmed> {
  return call(at, sender, 'append', [batch.version, batch.district, batch.commitments]);
}

/** Completes the version: its challenge period begins. @throws `chain/…` */
export function completeVersion(at: ElectionAt, sender: Sender, version: number): Promise<Confirmed> {
  return call(at, sender, 'completeVersion', [version]);
}

/** Freezes the version by act `seal`. @throws `chain/too-early` before the challenge period is over, … */
export function sealRoll(at: ElectionAt, sender: Sender, version: number, signed: SignedAct): Promise<Confirmed> {
  return call(at, sender, 'seal', [version, signed.expiry, signed.signatures]);
}
