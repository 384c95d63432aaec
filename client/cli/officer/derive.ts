import { utf8Bytes } from '../frame/utf8.ts';
import { changedEntries } from '../../../protocol/credentials/changes.ts';
import type { ChangedEntry } from '../../../protocol/credentials/changes.ts';
import { sealCredentialList } from '../../../protocol/credentials/credential-list.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import { compareChanges, decodeReasons, reasonsHash as hashOfReasons } from '../../../protocol/roll/reasons.ts';
import type { RollReasons } from '../../../protocol/roll/reasons.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { readBytes } from '../../../protocol/node/files.ts';
import { option, unixTime, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { readRecord } from '../record/read.ts';
import { readVerified } from '../record/verified.ts';
import { viewElection } from '../record/view.ts';
import type { ElectionView } from '../record/view.ts';
import { readLists } from '../roll/collect.ts';
import type { ActParams } from './act-params.ts';
import { VERIFIED_ACTS, verifiedAct } from './derive-verified.ts';
import { registrationsFile } from './registrations-file.ts';

type Derive = (call: Invocation, election: LoadedElection, view: ElectionView) => ActParams | Promise<ActParams>;

/** What the acts are about that take no checks: nothing is signed because somebody else wrote it down. */
const DERIVE: Readonly<Record<Exclude<ActParams['name'], keyof typeof VERIFIED_ACTS>, Derive>> = {
  credentials: async (call, { definition }) => {
    const lists = await readLists(definition, option(call, 'lists'));
    return { name: 'credentials', lists: lists.map(sealCredentialList).map(narrow) };
  },
  version: async (call, { definition }, view) => {
    const { root, open } = await registrationsFile(call, 'registrations', definition);
    const reasons = await readBytes(option(call, 'reasons'));
    const version = wholeNumber(call, 'rollVersion', 2);
    const before = await registrationsFile(call, 'previous', definition);
    const onChain = view.replay.roll.versions.find((each) => each.version === version - 1);
    require(onChain !== undefined, 'state/roll', `version ${version - 1} of the roll is not on chain`);
    const same = wordHex(onChain.registrationsRoot) === before.root;
    require(same, 'roll/mismatch', `${option(call, 'previous')} is not version ${version - 1} of the roll on chain`);
    await requireExactReasons(decodeReasons(reasons), version, changedEntries(before.open(), open()));
    return { name: 'version', version, registrationsRoot: root, reasonsHash: wordHex(hashOfReasons(reasons)) };
  },
  extend: (call, { definition }, view) => {
    const closesAt = unixTime(call, 'closesAt');
    const { timeline } = view.replay;
    const latest = timeline.firstClosesAt + definition.times.maxExtensionSeconds;
    const fits = closesAt > timeline.closesAt && closesAt <= latest;
    const bounds = `after ${timeline.closesAt} and at most ${latest}`;
    require(fits, 'state/time', `the new closing time must be ${bounds} (Unix seconds)`);
    return { name: 'extend', closesAt, reasonHash: reasonHash(call) };
  },
  cancel: (call) => ({ name: 'cancel', reasonHash: reasonHash(call) }),
};

/** Names of the acts. */
export const ACTS: readonly string[] = [...Object.keys(DERIVE), ...Object.keys(VERIFIED_ACTS)];

/** An act to be signed. */
export interface DerivedAct {
  readonly params: ActParams;
  /** How many acts the record says were executed before. */
  readonly number: number;
}

/**
 * The act of this name about the material at hand, `--record` foremost. What is about a whole record is only signed if the checks hold.
 *
 * @throws `usage/act` and the codes of reading and checking the material
 */
export async function deriveAct(name: string, call: Invocation, election: LoadedElection): Promise<DerivedAct> {
  const act = verifiedAct(name);
  if (act !== undefined) {
    const record = await readVerified(call, election, act.upTo);
    requireUncancelled(record.view);
    return { params: await act.derive(call, election, record), number: record.view.acts };
  }
  const derive = Object.hasOwn(DERIVE, name) ? DERIVE[name as keyof typeof DERIVE] : undefined;
  if (derive === undefined)
    throw new UrnaError('usage/act', `there is no act of that name; there are ${ACTS.join(', ')}`);
  const view = await viewElection(election, readRecord(option(call, 'record')));
  requireUncancelled(view);
  return { params: await derive(call, election, view), number: view.acts };
}

function requireUncancelled({ cancelled }: ElectionView): void {
  require(!cancelled, 'state/cancelled', 'the election is cancelled: no act takes effect any more');
}

/** keccak256 of the public reason's UTF-8 text. */
function reasonHash(call: Invocation): Hex {
  return encodeHex(keccak256(utf8Bytes(option(call, 'reason'))));
}

/** Reasons must list what the version changes, all of it and nothing else. @throws `roll-reasons/shape`, `roll-reasons/changes` */
async function requireExactReasons(
  reasons: RollReasons,
  version: number,
  changes: AsyncIterable<ChangedEntry>,
): Promise<void> {
  require(reasons.version ===
    version, 'roll-reasons/shape', `the reasons are of version ${reasons.version}, not ${version}`);
  let [changed, same] = [0, true];
  for await (const change of changes) {
    const reason = reasons.changes[changed++];
    same &&= reason !== undefined && compareChanges(reason, change) === 0;
  }
  same &&= changed === reasons.changes.length;
  require(same, 'roll-reasons/changes', `version ${version} differs from its predecessor otherwise than by the listed reasons`);
}

function narrow({ root, count, reserveRoot, reserveCount }: ReturnType<typeof sealCredentialList>) {
  return {
    root: wordHex(root),
    count: Number(count),
    reserveRoot: wordHex(reserveRoot),
    reserveCount: Number(reserveCount),
  };
}
