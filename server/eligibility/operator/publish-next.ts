import { rename } from 'node:fs/promises';
import type { ChangedEntry } from '../../../protocol/credentials/changes.ts';
import { changedEntries } from '../../../protocol/credentials/changes.ts';
import { checkRegistrations } from '../../../protocol/credentials/check-registrations.ts';
import { readRegistrations } from '../../../protocol/credentials/registration-lines.ts';
import type { RegisterEvents } from '../../../protocol/credentials/registration-lines.ts';
import { signaturesHere } from '../../../protocol/credentials/signature-batch.ts';
import { surveyRegistrations } from '../../../protocol/credentials/survey.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { equationByOpenssl } from '../../../protocol/node/ed25519.ts';
import { readBytes, reopenable, writeFile } from '../../../protocol/node/files.ts';
import { compareChanges, decodeReasons, reasonsHash } from '../../../protocol/roll/reasons.ts';
import type { RollReasons } from '../../../protocol/roll/reasons.ts';
import { clearLeftovers } from '../../frame/leftovers.ts';
import { openTilePool } from '../../frame/tile-pool.ts';
import type { Eligibility } from '../eligibility.ts';
import {
  newestPublished,
  publishVersion,
  reasonsFile,
  registrationsFile,
  stageRegistrations,
} from '../roll/published.ts';
import { argument } from './argument.ts';

const USAGE = 'publish VERSION REGISTRATIONS REASONS';

/**
 * Publishes the next version of the roll, as challenges were upheld: its registrations must be right (check 6) and differ from the version before
 * exactly by what the reasons list (check 7). `urna roll post` then puts it on chain, with the officers' act.
 *
 * @throws `state/roll`, `check/registrations`, `roll-reasons/changes`, `file/*`
 */
export async function publishNext(eligibility: Eligibility, args: readonly string[]): Promise<readonly string[]> {
  const { election, publishFolder: folder } = eligibility;
  const [number, path, reasonsPath] = [0, 1, 2].map((i) => argument(args, i, USAGE)) as [string, string, string];
  const version = Number(number);
  const next = (await newestPublished(folder)) + 1;
  require(version === next && version > 1, 'state/roll', `the next version to be published is ${next}`);
  const reasons = await readBytes(reasonsPath);
  const listed = decodeReasons(reasons);
  require(listed.version === version, 'roll-reasons/changes', `the reasons are those of version ${listed.version}`);
  const open = reopenable(path);
  const events = (): RegisterEvents => readRegistrations(open());
  await requireRight(eligibility, events);
  const before = readRegistrations(reopenable(registrationsFile(folder, version - 1))());
  await requireListed(changedEntries(before, events()), listed);
  await clearLeftovers(folder);
  const staged = await stageRegistrations(folder, version, events());
  await writeFile(reasonsFile(folder, version), reasons, { replace: true });
  await rename(staged, registrationsFile(folder, version));
  const pool = openTilePool();
  try {
    const { registrationsRoot } = await publishVersion(pool, folder, version, election.definition.districts.length);
    const hash = wordHex(reasonsHash(reasons));
    return [`version ${version} published: root ${registrationsRoot}, hash of the reasons ${hash}`];
  } finally {
    await pool.close();
  }
}

async function requireRight({ election, register }: Eligibility, events: () => RegisterEvents): Promise<void> {
  const { context, definition } = election;
  const survey = await surveyRegistrations(events(), definition.districts.length);
  const { lists } = register.sealed;
  const verify = signaturesHere(equationByOpenssl);
  for await (const { line, detail } of checkRegistrations(context, lists, survey, events(), verify)) {
    throw new UrnaError('check/registrations', `line ${line + 1}: ${detail}`);
  }
}

async function requireListed(changes: AsyncIterable<ChangedEntry>, { changes: listed }: RollReasons): Promise<void> {
  let count = 0;
  for await (const change of changes) {
    const reason = listed[count];
    const same = reason !== undefined && compareChanges(reason, change) === 0;
    require(same, 'roll-reasons/changes', `credential ${change.credentialKey} differs, and the reasons do not say so`);
    count += 1;
  }
  require(count > 0, 'roll-reasons/unchanged', 'the version does not differ from the one before');
  require(count === listed.length, 'roll-reasons/changes', 'the reasons list more than what differs');
}
