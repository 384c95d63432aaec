import { postMembers } from '../../../contracts/client/post-roll.ts';
import { beginVersion, readNewestVersion } from '../../../contracts/client/roll.ts';
import type { RollVersion } from '../../../contracts/client/roll.ts';
import { readRegistrations } from '../../../protocol/credentials/registration-lines.ts';
import { surveyRegistrations, surveyedMembers } from '../../../protocol/credentials/survey.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { reasonsHash } from '../../../protocol/roll/reasons.ts';
import { openPosting } from '../chain/session.ts';
import type { PostingSession } from '../chain/session.ts';
import { expandPaths, readBytes, readText, streamBytes } from '../../../protocol/node/files.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { decodeActFile, mergeActs } from '../officer/act-file.ts';
import type { ActFile } from '../officer/act-file.ts';

const NO_REASONS: Hex = wordHex(0n);

/**
 * `urna roll post`: puts the members of `registrations.jsonl` on chain, in batches, and completes the version. Interrupted, it goes
 * on where the chain stands. Version 2 and later need the officers' act and the file of reasons.
 *
 * @throws `state/roll` if the chain holds another version under the same number, `chain/*`
 */
export async function postRoll(call: Invocation): Promise<Outcome> {
  const session = await openPosting(call);
  const { districts } = session.election.definition;
  const events = readRegistrations(streamBytes(option(call, 'registrations')));
  const survey = await surveyRegistrations(events, districts.length);
  const root = wordHex(survey.root);
  const members = surveyedMembers(survey);
  const version = await begin(call, session, root);
  const counts = members.map((list) => list.length);
  const before = (district: number): number => counts.slice(0, district).reduce((sum, count) => sum + count, 0);
  call.progress.start('members', before(counts.length));
  await postMembers(session.at, session.sender, version, members, (district, done) =>
    call.progress.update(before(district) + done),
  );
  call.progress.stop();
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
