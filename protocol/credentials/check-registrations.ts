import { decodeHex } from '../encoding.ts';
import { indexOfWord, repeatedWords } from '../word-list.ts';
import type { CredentialKeys } from './credential-keys.ts';
import { signedRegistration } from './registration.ts';
import type { ElectionContext } from './registration.ts';
import type { RegisterEvents } from './registration-lines.ts';
import { signaturesHere } from './signature-batch.ts';
import type { SignatureVerifier, SignedMessage } from './signature-batch.ts';
import type { RegistrationSurvey } from './survey.ts';
import { rangeOf } from './survey.ts';

/** Entries whose signatures are verified together: a tenth of a second's work. */
const BATCH = 512;
/** Batches under way at once, at most: enough for the threads of a large machine. */
const MAX_UNDER_WAY = 64;

/** A false statement about one entry of the file; none if all is well. */
export interface RegistrationFinding {
  /** 0-based line. */
  readonly line: number;
  readonly detail: string;
}

/** A district's list, and which of its reserve keys stand for a sealed one. */
interface District {
  readonly list: CredentialKeys;
  /** 1 for each reserve key that is reached by replacements. */
  readonly reached: Uint8Array;
}

/**
 * Everything wrong with a final list of registrations (SPEC §5.6, check 6), in its order: each commitment must be backed by exactly one
 * sealed credential, or by a reserve key that replaced a sealed one.
 *
 * @param lists - of all districts, in the definition's order, already compared with their seals
 * @param survey - of the same file
 * @param events - as decoded: in order, one a credential
 * @param verify - of the signatures; several batches are under way at once
 */
export async function* checkRegistrations(
  context: ElectionContext,
  lists: readonly CredentialKeys[],
  survey: RegistrationSurvey,
  events: RegisterEvents,
  verify: SignatureVerifier = signaturesHere(),
): AsyncGenerator<RegistrationFinding> {
  const underWay: Promise<readonly RegistrationFinding[]>[] = [];
  for await (const batch of judgedBatches(context, lists, survey, events)) {
    const work = findingsOf(batch, verify);
    work.catch(() => undefined); // thrown where it is awaited: others are before it
    underWay.push(work);
    if (underWay.length >= MAX_UNDER_WAY) yield* (await underWay.shift()) ?? [];
  }
  for (const work of underWay) yield* await work;
}

/** Entries that were judged but for their signatures. */
interface Batch {
  readonly findings: (RegistrationFinding & { readonly ifWrong?: number })[];
  readonly signed: SignedMessage[];
}

/** Leaves out what was only to be said of a signature that does not hold. */
async function findingsOf({ findings, signed }: Batch, verify: SignatureVerifier): Promise<RegistrationFinding[]> {
  const wrong = new Set(await verify(signed));
  return findings.flatMap(({ line, detail, ifWrong }) =>
    ifWrong === undefined || wrong.has(ifWrong) ? [{ line, detail }] : [],
  );
}

async function* judgedBatches(
  context: ElectionContext,
  lists: readonly CredentialKeys[],
  survey: RegistrationSurvey,
  events: RegisterEvents,
): AsyncGenerator<Batch> {
  const districts = lists.map((list): District => ({ list, reached: reachedReserve(list, survey) }));
  const repeatedCommitments = repeatedWords(survey.commitments.words);
  const repeatedReplacements = repeatedWords(survey.replacements.words);
  let [line, registrations, replacements] = [0, 0, 0];
  let batch: Batch = { findings: [], signed: [] };
  for await (const entry of events) {
    const district = districts[entry.district];
    if (!isActive(district, decodeHex(entry.credentialKey, 32))) {
      batch.findings.push({ line, detail: 'the credential is not sealed for this district, nor a replacement' });
    }
    if ('signature' in entry) {
      if (repeatedCommitments[registrations++] === 1) {
        batch.findings.push({ line, detail: 'the commitment is registered twice' });
      } else {
        const ifWrong = batch.signed.push(signedRegistration(context, entry)) - 1;
        batch.findings.push({ line, detail: 'the signature is not valid', ifWrong });
      }
    } else if (entry.replacement !== null) {
      const reserve = district?.list.reserve;
      if (repeatedReplacements[replacements++] === 1) {
        batch.findings.push({ line, detail: 'the replacement stands for two credentials' });
      } else if (reserve === undefined || indexOfWord(reserve, decodeHex(entry.replacement, 32)) < 0) {
        batch.findings.push({ line, detail: 'the replacement is not in the reserve' });
      }
    }
    line += 1;
    if (line % BATCH > 0) continue;
    yield batch;
    batch = { findings: [], signed: [] };
  }
  yield batch;
}

/** Reserve keys reached from sealed ones by replacements. A revoked key counts as well: its entry is its end. */
function reachedReserve(list: CredentialKeys, { replaced, replacements }: RegistrationSurvey): Uint8Array {
  const reached = new Uint8Array(list.reserve.length);
  const [start, end] = rangeOf(replaced, list.district);
  for (let i = start; i < end; i++) {
    if (indexOfWord(list.keys, replaced.words.at(i)) < 0) continue;
    for (let pair = i; pair >= 0;) {
      const next = replacements.words.at(pair);
      const index = indexOfWord(list.reserve, next);
      if (index < 0 || reached[index] === 1) break;
      reached[index] = 1;
      pair = indexOfWord(replaced.words, next, start, end);
    }
  }
  return reached;
}

function isActive(district: District | undefined, key: Uint8Array): boolean {
  if (district === undefined) return false;
  const { list, reached } = district;
  return indexOfWord(list.keys, key) >= 0 || reached[indexOfWord(list.reserve, key)] === 1;
}
