import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import { readRegistrations } from '../../../protocol/credentials/registration-lines.ts';
import { encodeRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { surveyRegistrations } from '../../../protocol/credentials/survey.ts';
import { encodeWord } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { streamBytes } from '../../../protocol/node/files.ts';
import type { ReasonCode } from '../../../protocol/roll/reasons.ts';
import { indexOfWord } from '../../../protocol/word-list.ts';
import type { ElectionView } from '../record/view.ts';

type RollVersion = ElectionView['replay']['roll']['versions'][number];

/** Somebody's credential, and what was registered with it: undefined if the voter registered nothing. */
export interface Own {
  readonly district: number;
  readonly credentialKey: Hex;
  readonly registration: Registration | undefined;
}

/** What is wrong with a version of the roll. */
export interface Findings {
  /** Each as a sentence; none if all is right. */
  readonly faults: readonly string[];
  /** The one of them that the credential's holder can challenge (SPEC §5.7); undefined where only others can be wronged. */
  readonly claim: ReasonCode | undefined;
}

/** Compares a published file and a version of the roll on chain with what somebody registered. */
export async function compareOwn(
  path: string,
  { registrationsRoot, members }: RollVersion,
  own: Own,
): Promise<Findings> {
  const { root, listed } = await readPublishedFile(path, own.credentialKey);
  const commitment = own.registration?.commitment;
  const ofDistrict = members[own.district];
  const onChain =
    commitment !== undefined && ofDistrict !== undefined && indexOfWord(ofDistrict, encodeWord(commitment)) >= 0;
  const [claim, sentence] = claimOf(listed, own.registration) ?? [];
  const absent = commitment !== undefined && !onChain;
  const faults = [
    ...(root === registrationsRoot ? [] : ['the published file is not the one the chain names']),
    ...(sentence === undefined ? [] : [sentence]),
    ...(absent ? ['the roll on chain does not hold your commitment'] : []),
  ];
  return { faults, claim: claim ?? (absent ? 'omitted' : undefined) };
}

/** What the published file itself does to a credential's holder. */
function claimOf(
  listed: RegisterEvent | undefined,
  registration: Registration | undefined,
): readonly [ReasonCode, string] | undefined {
  if (registration === undefined) {
    const foreign = listed !== undefined && 'signature' in listed;
    return foreign ? ['not-authorised', 'the published file has a registration of your credential'] : undefined;
  }
  if (listed === undefined) return ['omitted', 'your credential is not in the published file'];
  if (!('signature' in listed)) return ['revoked', 'your credential was revoked'];
  if (encodeRegistration(listed) === encodeRegistration(registration)) return undefined;
  return ['wrong-commitment', 'the published file has another registration of your credential'];
}

/** The file's root, and what it holds of a credential. */
async function readPublishedFile(
  path: string,
  credentialKey: Hex,
): Promise<{ readonly root: bigint; readonly listed: RegisterEvent | undefined }> {
  let listed: RegisterEvent | undefined;
  async function* watched(): AsyncGenerator<RegisterEvent> {
    for await (const entry of readRegistrations(streamBytes(path))) {
      if (entry.credentialKey === credentialKey) listed ??= entry;
      yield entry;
    }
  }
  const { root } = await surveyRegistrations(watched(), 0);
  return { root, listed };
}
