import type { Hex } from '../encoding.ts';
import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { domainTag, keccak256 } from '../hash.ts';
import { addressWord } from './signature.ts';

/** Names of the officers' acts (SPEC §12.1). */
export const ACT_NAMES = [
  'approve',
  'credentials',
  'version',
  'seal',
  'extend',
  'cancel',
  'certify',
  'anchor',
] as const;
export type ActName = (typeof ACT_NAMES)[number];

/** Names of the trustees' steps (SPEC §7, §12.3). */
export const STEP_NAMES = ['commit', 'reveal', 'deal', 'confirm', 'accuse', 'answer', 'decrypt'] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** The election whose contract checks a signature: EIP-712's domain. */
export interface ElectionDomain {
  readonly chainId: bigint;
  /** Address of the `Election` contract. */
  readonly election: Hex;
}

/** What officers sign (SPEC §12.1). */
export interface Act {
  readonly name: ActName;
  /** Acts executed before this one. */
  readonly number: bigint;
  /** Hash of what the act is about. */
  readonly object: bigint;
  /** Last block time, Unix seconds, at which the act may be executed. */
  readonly expiry: bigint;
}

/** What a trustee signs (SPEC §7). */
export interface Step {
  readonly name: StepName;
  readonly attempt: bigint;
  /** The trustee's number, 1..n. */
  readonly trustee: bigint;
  /** keccak256 of the step's payload as the contract is given it. */
  readonly object: bigint;
}

const typeHash = (type: string): bigint => decodeNumber(keccak256(new TextEncoder().encode(type)));
const DOMAIN_TYPE = typeHash('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)');
const ACT_TYPE = typeHash('Act(uint256 number,bytes32 kind,bytes32 object,uint256 expiry)');
const STEP_TYPE = typeHash('Step(uint256 attempt,uint256 trustee,bytes32 kind,bytes32 object)');

function structHash(...words: readonly bigint[]): Uint8Array {
  return keccak256(concatBytes(...words.map(encodeWord)));
}

/** EIP-712's domain separator of an election (SPEC §12.1). */
export function domainSeparator({ chainId, election }: ElectionDomain): Uint8Array {
  return structHash(DOMAIN_TYPE, typeHash('Urna'), typeHash('1'), chainId, addressWord(election));
}

function digest(domain: ElectionDomain, struct: Uint8Array): Uint8Array {
  return keccak256(concatBytes(Uint8Array.of(0x19, 0x01), domainSeparator(domain), struct));
}

/** `tag("act/<name>")` as a number. */
export function actKind(name: ActName): bigint {
  return decodeNumber(domainTag(`act/${name}`));
}

/** `tag("step/<name>")` as a number. */
export function stepKind(name: StepName): bigint {
  return decodeNumber(domainTag(`step/${name}`));
}

/** The 32-byte EIP-712 digest of an officers' act (SPEC §12.1). */
export function actDigest(domain: ElectionDomain, { name, number, object, expiry }: Act): Uint8Array {
  return digest(domain, structHash(ACT_TYPE, number, actKind(name), object, expiry));
}

/** The 32-byte EIP-712 digest of a trustee's step (SPEC §7). */
export function stepDigest(domain: ElectionDomain, { name, attempt, trustee, object }: Step): Uint8Array {
  return digest(domain, structHash(STEP_TYPE, attempt, trustee, stepKind(name), object));
}
