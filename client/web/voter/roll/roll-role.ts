import { applyEntry, startPlainReplay } from '../../../../protocol/checks/replay/replay.ts';
import { standingVersion } from '../../../../protocol/checks/replay/roll-replay.ts';
import type { RollReplay } from '../../../../protocol/checks/replay/roll-replay.ts';
import { readPublishedEntry } from '../../../../protocol/credentials/own-entry.ts';
import { mostRegistrations } from '../../../../protocol/credentials/registration-lines.ts';
import { UrnaError, require } from '../../../../protocol/errors.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import type { Entry } from '../../../../protocol/record/entry.ts';
import { readHead, streamPublished } from '../../../../protocol/record/files.ts';
import type { Reader } from '../../../../protocol/voting/reader.ts';
import { getBytes } from '../../../http/ask.ts';
import { serviceFiles } from '../../observe/service-files.ts';
import { answerOnce } from '../../worker/answer-once.ts';
import { recordEntries, requireElection, tell } from '../slots/record-entries.ts';
import { findOwnEntry, isOwnEntry } from './own-entry.ts';
import type { OwnEntryView, RollTask } from './roll-task.ts';

/** Looks for the own entry once. */
export function handle(task: RollTask): void {
  void answerOnce(() => lookAtRoll(task));
}

/**
 * Reads all of the roll, and all of the published registrations: what is asked for is the same whoever looks, so that nobody learns who
 * does.
 *
 * @throws `state/roll` while no version is complete, `record/*`, `registration-file/*`; where a node is asked `chain/*`, `follow/*`
 */
async function lookAtRoll(task: RollTask): Promise<OwnEntryView> {
  const { service, election, rpc } = task;
  const files = serviceFiles(service);
  const fold = (entries: AsyncIterable<Entry>): Promise<RollReplay> => foldRoll(election, entries);
  const roll = await (rpc === '' ? fold(recordEntries(files)) : foldChain(task, fold));
  const version = standingVersion(roll);
  if (version === undefined) throw new UrnaError('state/roll', 'no version of the roll is complete yet');
  const name = `registrations-${version.version}.jsonl`;
  const file = (await readHead(files)).files.find((each) => each.name === name);
  require(file !== undefined, 'record/missing', `${name} is not published yet`);
  const most = mostRegistrations(election.definition.districts.map(({ voters }) => BigInt(voters)));
  const published = await readPublishedEntry(streamPublished(files, file), isOwnEntry(task), most);
  const isSealed = roll.sealed !== undefined;
  return { version: version.version, isSealed, ...findOwnEntry(published, version, task) };
}

async function foldRoll(
  { definition, context }: RollTask['election'],
  entries: AsyncIterable<Entry>,
): Promise<RollReplay> {
  const replay = startPlainReplay(definition, await loadPoseidon());
  for await (const entry of entries) {
    if (entry.kind !== 'updates') applyEntry(replay, entry);
    // Nothing changes a sealed roll: of the ballots after it nothing is read.
    if (replay.roll.sealed !== undefined) break;
  }
  requireElection(replay, context);
  return replay.roll;
}

/** What talks to a node is loaded only where one is named. */
async function foldChain(
  { service, election, rpc }: RollTask,
  fold: (entries: AsyncIterable<Entry>) => Promise<RollReplay>,
): Promise<RollReplay> {
  const read: Reader = (path, maxBytes) => getBytes(service, path, { maxBytes });
  return (await (await import('../slots/node-slots.ts')).openNode(rpc, election, read)).history(fold, tell);
}
