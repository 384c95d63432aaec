import {
  appendMembers,
  beginVersion,
  completeVersion,
  readDistrictState,
  readNewestVersion,
} from '../../../contracts/client/roll.ts';
import type { RollVersion } from '../../../contracts/client/roll.ts';
import {
  decodeRegistrationFile,
  membersOf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, at as item, require } from '../../../protocol/errors.ts';
import { reasonsHash } from '../../../protocol/roll/reasons.ts';
import { openPosting } from '../chain/session.ts';
import type { PostingSession } from '../chain/session.ts';
import { expandPaths, readBytes, readText } from '../../../protocol/node/files.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { decodeActFile, mergeActs } from '../officer/act-file.ts';
import type { ActFile } from '../officer/act-file.ts';

const BATCH = 200;
const NO_REASONS: Hex = wordHex(0n);

/**
 * `urna roll post`: puts the members of `registrations.jsonl` on chain, in batches, and completes the version. Interrupted, it goes
 * on where the chain stands. Version 2 and later need the officers' act and the file of reasons.
 *
 * @throws `state/roll` if the chain holds another version under the same number, `chain/*`
 */
export async function postRoll(call: Invocation): Promise<Outcome> {
  const entries = decodeRegistrationFile(await readBytes(option(call, 'registrations')));
  const root = wordHex(registrationsRoot(entries));
  const session = await openPosting(call);
  const members = membersOf(entries, session.election.definition.districts.length);
  const version = await begin(call, session, root);
  for (const [district, commitments] of members.entries()) {
    await appendDistrict(call, session, version, district, commitments);
  }
  const newest = await readNewestVersion(session.at);
  const open = newest?.completedAt === 0;
  if (open) await completeVersion(session.at, session.sender, version);
  const counts = members.map((list) => list.length);
  return {
    data: { version, root, members: counts },
    text: `version ${version} of the roll is complete: ${counts.join(' + ')} members`,
  };
}

async function begin(call: Invocation, session: PostingSession, registrationsRoot: Hex): Promise<number> {
  const { at, sender } = session;
  const newest = await readNewestVersion(at);
  if (newest !== undefined && goesOn(newest, registrationsRoot)) return newest.version;
  const act = await versionAct(call, session, newest, registrationsRoot);
  const reasons = optional(call, 'reasons');
  const hash = reasons === undefined ? NO_REASONS : wordHex(reasonsHash(await readBytes(reasons)));
  const signed = act === undefined ? undefined : { expiry: BigInt(act.expiry), signatures: act.signatures };
  await beginVersion(at, sender, { registrationsRoot, reasonsHash: hash }, signed);
  return (newest?.version ?? 0) + 1;
}

function goesOn(newest: RollVersion, registrationsRoot: Hex): boolean {
  return newest.registrationsRoot === registrationsRoot;
}

async function versionAct(
  call: Invocation,
  { election }: PostingSession,
  newest: RollVersion | undefined,
  root: Hex,
): Promise<ActFile | undefined> {
  const folder = optional(call, 'act');
  if (newest === undefined) return undefined;
  require(folder !==
    undefined, 'state/roll', `version ${newest.version} is on chain with other registrations: another needs --act`);
  const files: ActFile[] = [];
  for (const path of await expandPaths([folder], '.json')) files.push(decodeActFile((await readText(path)).trimEnd()));
  const act = mergeActs(files, election.definition.officers);
  const { params } = act;
  const fits = params.name === 'version' && params.registrationsRoot === root && params.version === newest.version + 1;
  require(fits, 'act/mixed', 'the act is not for the next version with these registrations');
  return act;
}

async function appendDistrict(
  call: Invocation,
  { at, sender }: PostingSession,
  version: number,
  district: number,
  commitments: readonly bigint[],
): Promise<void> {
  const { members, last } = await readDistrictState(at, version, district);
  const known = members === 0 || item(commitments, members - 1) === last;
  if (!known) throw new UrnaError('state/roll', `district ${district} on chain holds other members than the file`);
  if (members === commitments.length) return;
  call.progress.start(`district ${district}`, commitments.length);
  for (let start = members; start < commitments.length; start += BATCH) {
    await appendMembers(at, sender, { version, district, commitments: commitments.slice(start, start + BATCH) });
    call.progress.update(Math.min(start + BATCH, commitments.length));
  }
  call.progress.stop();
}
