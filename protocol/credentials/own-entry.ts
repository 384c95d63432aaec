import { encodeWord } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import type { Field } from '../math/field.ts';
import type { ReasonCode } from '../roll/reasons.ts';
import { indexOfWord } from '../word-list.ts';
import type { WordList } from '../word-list.ts';
import type { RegisterEvent } from './register.ts';
import { readRegistrations } from './registration-lines.ts';
import type { Chunks } from './registration-lines.ts';
import { encodeRegistration } from './registration.ts';
import type { Registration } from './registration.ts';
import { surveyRegistrations } from './survey.ts';

/** Somebody's credential, and what was registered with it: undefined if the voter registered nothing. */
export interface Own {
  readonly district: number;
  readonly credentialKey: Hex;
  readonly registration: Registration | undefined;
}

/**
 * What is wrong with a version of the roll: the published file is not the one that the chain names (`file`); it has a registration where
 * none was made (`foreign`), none where one was (`unlisted`), its revocation (`revoked`) or another one (`other`); the roll on chain does not hold
 * the commitment (`absent`).
 */
export type OwnFault = 'file' | 'foreign' | 'unlisted' | 'revoked' | 'other' | 'absent';

/** What an owner finds. */
export interface Findings {
  /** None if all is right. */
  readonly faults: readonly OwnFault[];
  /** The one of them that the credential's holder can challenge (SPEC §5.7); undefined where only others can be wronged. */
  readonly claim: ReasonCode | undefined;
}

/** A version of the roll on chain, as far as an owner compares it. */
export interface RollOnChain {
  readonly registrationsRoot: bigint;
  /** Commitments by district. */
  readonly members: readonly WordList[];
}

/** A published file's root (SPEC §5.6), and the first of its entries that was looked for. */
export interface PublishedEntry {
  readonly root: bigint;
  readonly listed: RegisterEvent | undefined;
}

/** Reads a file of registrations through, whole: whoever serves it does not learn who looks. @throws the codes of `readRegistrations` */
export async function readPublishedEntry(
  chunks: Chunks,
  isOwn: (entry: RegisterEvent) => boolean,
  most = Infinity,
): Promise<PublishedEntry> {
  let listed: RegisterEvent | undefined;
  async function* watched(): AsyncGenerator<RegisterEvent> {
    for await (const entry of readRegistrations(chunks, most)) {
      if (isOwn(entry)) listed ??= entry;
      yield entry;
    }
  }
  const { root } = await surveyRegistrations(watched(), 0);
  return { root, listed };
}

/** Compares a published file and a version of the roll on chain with what somebody registered (DESIGN §2.2). */
export function compareOwn({ root, listed }: PublishedEntry, version: RollOnChain, own: Own): Findings {
  const [claim, fault] = claimOf(listed, own.registration) ?? [];
  const absent = own.registration !== undefined && !isMember(version, own.district, own.registration.commitment);
  const faults: OwnFault[] = [
    ...(root === version.registrationsRoot ? [] : (['file'] as const)),
    ...(fault === undefined ? [] : [fault]),
    ...(absent ? (['absent'] as const) : []),
  ];
  return { faults, claim: claim ?? (absent ? 'omitted' : undefined) };
}

/** Whether a version of the roll holds a commitment in a district. */
export function isMember({ members }: RollOnChain, district: number, commitment: Field): boolean {
  const ofDistrict = members[district];
  return ofDistrict !== undefined && indexOfWord(ofDistrict, encodeWord(commitment)) >= 0;
}

/** What the published file itself does to a credential's holder. */
function claimOf(
  listed: RegisterEvent | undefined,
  registration: Registration | undefined,
): readonly [ReasonCode, OwnFault] | undefined {
  if (registration === undefined) {
    const isForeign = listed !== undefined && 'signature' in listed;
    return isForeign ? ['not-authorised', 'foreign'] : undefined;
  }
  if (listed === undefined) return ['omitted', 'unlisted'];
  if (!('signature' in listed)) return ['revoked', 'revoked'];
  if (encodeRegistration(listed) === encodeRegistration(registration)) return undefined;
  return ['wrong-commitment', 'other'];
}
