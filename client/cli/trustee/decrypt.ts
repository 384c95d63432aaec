import { NOT_SEALED, sealsCheck } from '../../../protocol/checks/20-seals.ts';
import { unitSums } from '../../../protocol/checks/replay/tally-replay.ts';
import type { Report } from '../../../protocol/checks/run.ts';
import { shareMatches } from '../../../protocol/ceremony/trustee.ts';
import type { TrusteeShare } from '../../../protocol/ceremony/trustee.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { encodeDecryption, makeDecryption, recordSum } from '../../../protocol/tally/decryption.ts';
import type { EncryptedSums } from '../../../protocol/tally/units.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { refuseFaults } from '../observe/checks.ts';
import { requireAnchored } from '../record/anchored.ts';
import { readVerified } from '../record/verified.ts';
import type { CountableView, ElectionView } from '../record/view.ts';
import { encodeDecryptionFile, signDecryption } from './decryption-file.ts';
import type { UnitDecryption } from './decryption-file.ts';
import { readJournal, writeJournal } from './journal.ts';
import { readShare } from './secret-files.ts';
import { openTrusteeKey } from './session.ts';
import type { TrusteeSession } from './session.ts';

/**
 * `urna trustee decrypt`: verifies the whole record, recomputes every unit's sum, and decrypts that and nothing else. A sum that
 * differs from one decrypted before is refused: it may be somebody's ballot. So is a record that no anchor of the officers covers, and one
 * that is not what the chain's validators sealed.
 */
export async function decrypt(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const session = await openTrusteeKey(call, election);
  const { view, report } = await readVerified(call, election);
  refuseUnsealed(report);
  if (!report.sealed) call.progress.note(NOT_SEALED);
  requireAnchored(view);
  refuseFaults(report);
  const share = await ownShare(session, view);
  const open = openUnits(view);
  require(open.length > 0, 'state/tally', 'there is no unit to decrypt: "urna tally aggregate" comes first');
  let journal = await readJournal(session.folder);
  for (const { unit, sums } of open) journal = recordSum(journal, unit, sums.R);
  await writeJournal(session.folder, journal);
  const place = placeOf(election, view, session.trustee);
  const units: UnitDecryption[] = [];
  for (const { unit, sums } of open) {
    const words = wordsOf(place, view, share, unit, sums);
    units.push(signDecryption(place, unit, words, session.key.privateKey));
  }
  const out = option(call, 'out');
  await writeFile(out, encodeDecryptionFile({ ...place, units }));
  const { trustee } = session;
  const text = `trustee ${trustee}: ${units.length} units decrypted, written to ${out}`;
  return { data: { file: out, trustee, units: units.map(({ unit }) => unit) }, text };
}

/** Where the validators are known, what they sealed comes before what officers anchored. @throws `check/seals` */
function refuseUnsealed({ checks }: Report): void {
  const seals = checks.filter(({ number }) => number === sealsCheck.number);
  refuseFaults({ checks: seals }, 'do not decrypt: ', 'check/seals');
}

/** The units to be decrypted, each with its sum recomputed from the slots. */
function openUnits({ replay: { tally, polls, config } }: CountableView) {
  const open = tally.units.flatMap(({ state }, unit) => (state === 'open' ? [unit] : []));
  return open.map((unit) => ({ unit, sums: unitSums(tally, polls, config, unit) }));
}

function placeOf({ context }: LoadedElection, { replay }: ElectionView, trustee: number) {
  const domain = { chainId: BigInt(context.chainId), election: context.election };
  return { domain, attempt: replay.ceremony.attempt, trustee };
}

function wordsOf(
  { domain, trustee }: ReturnType<typeof placeOf>,
  { replay }: ElectionView,
  { shares }: TrusteeShare,
  unit: number,
  { R, C }: EncryptedSums,
): bigint[] {
  const lanes = C.length;
  const keys = replay.ceremony.keys?.verificationKeys.get(trustee)?.slice(0, lanes) ?? [];
  return encodeDecryption(makeDecryption({ ...domain, unit, trustee }, R, shares.slice(0, lanes), keys, randomBytes));
}

async function ownShare(
  { folder, trustee }: Pick<TrusteeSession, 'folder' | 'trustee'>,
  { replay }: ElectionView,
): Promise<TrusteeShare> {
  const stored = await readShare(folder);
  if (stored === undefined) throw new UrnaError('ceremony/no-secret', `${folder.path} holds no share`);
  const keys = replay.ceremony.keys?.verificationKeys.get(trustee);
  require(keys !== undefined, 'state/keys', `trustee ${trustee} has no part in the election's keys`);
  require(shareMatches(stored.share, keys), 'ceremony/secret', 'the stored share is not that of the ceremony on chain');
  return stored.share;
}
