import { utf8Bytes } from '../frame/utf8.ts';
import { gatedKeys } from '../../../contracts/deploy/gate.ts';
import { configHash } from '../../../protocol/config/config.ts';
import { toFields } from '../../../protocol/checks/replay/roll-replay.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { changedEntries } from '../../../protocol/credentials/changes.ts';
import type { ChangedEntry } from '../../../protocol/credentials/changes.ts';
import { sealCredentialList } from '../../../protocol/credentials/credential-list.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import { readRegistrations } from '../../../protocol/credentials/registration-lines.ts';
import { surveyRegistrations, surveyedMembers } from '../../../protocol/credentials/survey.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import { rootOfLeaves } from '../../../protocol/roll/frontier.ts';
import { compareChanges, decodeReasons, reasonsHash as hashOfReasons } from '../../../protocol/roll/reasons.ts';
import type { RollReasons } from '../../../protocol/roll/reasons.ts';
import { rootsHash } from '../../../protocol/roll/roots.ts';
import { installedArtifacts } from '../ballot/artifacts.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { readBytes, reopenable } from '../../../protocol/node/files.ts';
import { option, unixTime, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { refuseFaults, verify } from '../observe/checks.ts';
import { requireAnchored } from '../record/anchored.ts';
import { loadEvidence } from '../record/evidence.ts';
import type { ElectionView } from '../record/view.ts';
import { resultHashOf } from '../tally/result-of.ts';
import { readLists } from '../roll/collect.ts';
import type { ActParams } from './act-params.ts';
import { recordHead } from './record-head.ts';

type Derive = (call: Invocation, election: LoadedElection, view: ElectionView) => ActParams | Promise<ActParams>;

/** What each act is about, derived from the officer's own material: nothing is signed because somebody else wrote it down. */
const DERIVE: Readonly<Record<ActParams['name'], Derive>> = {
  approve: async (call, { definition, context }, view) => {
    // What approval is about: definition, contracts' code and circuits on chain are those at hand (SPEC §15).
    await requireRight(call, definition, view, 'approve', 3);
    // Whoever deployed may have gone around the gate.
    await gatedKeys(definition, installedArtifacts(call, definition));
    const { addresses } = view.replay;
    if (addresses === undefined) throw new UrnaError('record/empty', 'the record does not name the contracts');
    const { roll, ceremony, ballots, tally } = addresses;
    const hash = wordHex(configHash(toConfig(definition)));
    return {
      name: 'approve',
      definitionHash: context.definitionHash,
      configHash: hash,
      roll,
      ceremony,
      ballots,
      tally,
    };
  },
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
  seal: async (call, { definition }, view) => {
    const version = wholeNumber(call, 'rollVersion', 1);
    const { root, members } = await registrationsFile(call, 'registrations', definition);
    const { poseidon, roll } = view.replay;
    const sealedRootsHash = wordHex(rootsHash(members.map((leaves) => rootOfLeaves(poseidon, toFields(leaves)))));
    const found = roll.versions.find((each) => each.version === version);
    require(found?.roots !== undefined, 'state/roll', `version ${version} of the roll is not complete on chain`);
    const same = wordHex(rootsHash(found.roots)) === sealedRootsHash;
    require(same, 'roll/mismatch', `the roll on chain is not that of ${option(call, 'registrations')}: do not seal it`);
    // The contract takes whom the registrar posts: that each member was authorised is for whoever seals to find out.
    await requireRight(call, definition, view, 'seal');
    return { name: 'seal', version, registrationsRoot: root, sealedRootsHash };
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
  certify: async (call, { definition }, view) => {
    const resultHash = wordHex(resultHashOf(view));
    requireAnchored(view);
    await requireRight(call, definition, view, 'certify');
    return { name: 'certify', resultHash };
  },
  anchor: async (call, { definition, context }, view) => {
    await requireRight(call, definition, view, 'anchor');
    return { name: 'anchor', ...recordHead(context, view) };
  },
};

/** Refuses an act about what the checks up to `upTo` (default: all) find wrong. @throws `check/deployment` for `approve`, else `check/failed` */
async function requireRight(
  call: Invocation,
  definition: Definition,
  { entries }: ElectionView,
  name: ActParams['name'],
  upTo?: number,
): Promise<void> {
  const report = await verify(call, entries, await loadEvidence(call, definition), upTo);
  refuseFaults(report, `do not ${name}: `, name === 'approve' ? 'check/deployment' : 'check/failed');
}

/** Names of the acts. */
export const ACTS = Object.keys(DERIVE);

/** The act of this name about the material at hand. @throws `usage/act` and the codes of reading and checking the material */
export async function deriveAct(
  name: string,
  call: Invocation,
  election: LoadedElection,
  view: ElectionView,
): Promise<ActParams> {
  const cancelled = view.entries.some(({ kind }) => kind === 'cancel');
  require(!cancelled, 'state/cancelled', 'the election is cancelled: no act takes effect any more');
  const derive = Object.hasOwn(DERIVE, name) ? DERIVE[name as ActParams['name']] : undefined;
  if (derive === undefined)
    throw new UrnaError('usage/act', `there is no act of that name; there are ${ACTS.join(', ')}`);
  return derive(call, election, view);
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

/** Root and members of a registrations file, and its entries once more: the same ones. */
async function registrationsFile(call: Invocation, name: 'registrations' | 'previous', { districts }: Definition) {
  const file = reopenable(option(call, name));
  const open = (): AsyncGenerator<RegisterEvent> => readRegistrations(file());
  const survey = await surveyRegistrations(open(), districts.length);
  return { open, root: wordHex(survey.root), members: surveyedMembers(survey) };
}

function narrow({ root, count, reserveRoot, reserveCount }: ReturnType<typeof sealCredentialList>) {
  return {
    root: wordHex(root),
    count: Number(count),
    reserveRoot: wordHex(reserveRoot),
    reserveCount: Number(reserveCount),
  };
}
