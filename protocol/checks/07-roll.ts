import type { ChangedEntry } from '../credentials/changes.ts';
import { changedEntries } from '../credentials/changes.ts';
import { registeredMembers } from '../credentials/survey.ts';
import { decodeNumber, decodeWord } from '../encoding.ts';
import { at } from '../errors.ts';
import { r } from '../math/field.ts';
import type { EntryOf } from '../record/entry.ts';
import { MAX_REASONS } from '../record/published-names.ts';
import { decodeReasons, reasonsHash } from '../roll/reasons.ts';
import { rootsHash } from '../roll/roots.ts';
import { equalLists } from '../word-list.ts';
import { openRegistrations } from './06-registrations.ts';
import type { Check, Findings } from './check.ts';
import { readWhole } from './replay/evidence.ts';
import type { Replay } from './replay/replay.ts';
import type { RollVersion } from './replay/roll-replay.ts';
import { newestVersion, standingVersion } from './replay/roll-replay.ts';

/**
 * Check 7: order, bounds, roots, members, versions and challenge period of the roll (SPEC §6, §15). Members are compared
 * with the registrations in the version that stands at the end only: what challenges put right was wrong before.
 */
export const rollCheck: Check = {
  number: 7,
  begin(replay, findings) {
    let limits: readonly number[] | undefined;
    const completions = new Map<RollVersion, number>();
    return {
      async take(entry) {
        if (entry.kind === 'credentials') limits ??= entry.data.lists.map(({ count }) => count);
        if (entry.kind === 'roll-begin') await takeBegin(replay, entry, findings);
        if (entry.kind === 'roll-members') takeMembers(replay, entry, limits ?? [], findings);
        if (entry.kind === 'roll-complete') takeComplete(replay, entry, findings);
        if (entry.kind === 'seal') takeSeal(replay, entry, findings);
      },
      after(entry) {
        if (entry.kind !== 'roll-complete') return;
        afterComplete(replay, entry, findings);
        const version = newestVersion(replay.roll, entry.data.version);
        if (version !== undefined && !completions.has(version)) completions.set(version, entry.seq);
      },
      async end() {
        const version = standingVersion(replay.roll);
        if (version !== undefined) await compareMembers(replay, version, completions.get(version), findings);
      },
    };
  },
};

async function takeBegin(replay: Replay, { seq, data }: EntryOf<'roll-begin'>, findings: Findings): Promise<void> {
  const { version, sender, reasonsHash: hash } = data;
  if (version !== replay.roll.versions.length + 1) findings.fail(seq, `version ${version} of the roll is out of turn`);
  if (sender !== replay.config.registrar) findings.fail(seq, 'the sender is not the registrar');
  if (version > 1) await compareVersions(replay, seq, version, decodeWord(hash), findings);
}

/** A version differs from its predecessor exactly by the changes that its reasons list. */
async function compareVersions(
  replay: Replay,
  seq: number,
  version: number,
  hash: bigint,
  findings: Findings,
): Promise<void> {
  const file = replay.evidence.reasons[version - 1];
  if (file === undefined) return findings.fail(seq, `the reasons of version ${version} were not given`);
  const bytes = await readWhole(file, MAX_REASONS, 'roll-reasons/shape');
  if (reasonsHash(bytes) !== hash) findings.fail(seq, `the reasons of version ${version} are not those on chain`);
  const reasons = decodeReasons(bytes);
  if (reasons.version !== version) findings.fail(seq, `the reasons given for version ${version} are another’s`);
  const [before, now] = [openRegistrations(replay, version - 1), openRegistrations(replay, version)];
  let [changes, listed] = [0, true];
  for await (const change of changedEntries(before, now)) {
    const reason = reasons.changes[changes++];
    listed &&= reason !== undefined && nameOf(reason) === nameOf(change);
  }
  findings.count(reasons.changes.length);
  if (!listed || changes !== reasons.changes.length) {
    findings.fail(seq, `version ${version} differs from its predecessor otherwise than by the listed reasons`);
  }
}

function nameOf({ district, credentialKey }: Pick<ChangedEntry, 'district' | 'credentialKey'>): string {
  return `${district}/${credentialKey}`;
}

function takeMembers(
  replay: Replay,
  { seq, data }: EntryOf<'roll-members'>,
  limits: readonly number[],
  findings: Findings,
): void {
  const { sender, version, district, commitments } = data;
  findings.count(commitments.length);
  if (sender !== replay.config.registrar) findings.fail(seq, 'the sender is not the registrar');
  const building = replay.roll.versions.at(-1);
  const members = building?.members[district];
  if (building?.version !== version || building.completedAt !== undefined || members === undefined) {
    return findings.fail(seq, 'the batch belongs to no version and district that is being built');
  }
  let previous = members.length === 0 ? 0n : decodeNumber(members.at(members.length - 1));
  commitments.forEach((commitment, i) => {
    const value = decodeWord(commitment);
    if (value <= previous) findings.fail(seq, `member ${i} of the batch is out of order, repeated or zero`);
    if (value >= r) findings.fail(seq, `member ${i} of the batch is not below the field order`);
    previous = value;
  });
  if (members.length + commitments.length > (limits[district] ?? 0)) {
    findings.fail(seq, `district ${district} has more members than sealed credentials`);
  }
}

function takeComplete(replay: Replay, { seq, data }: EntryOf<'roll-complete'>, findings: Findings): void {
  const building = replay.roll.versions.at(-1);
  if (building?.version !== data.version || building.completedAt !== undefined) {
    findings.fail(seq, `version ${data.version} is not being built`);
  }
  if (data.sender !== replay.config.registrar) findings.fail(seq, 'the sender is not the registrar');
}

function afterComplete(replay: Replay, { seq, data }: EntryOf<'roll-complete'>, findings: Findings): void {
  const version = newestVersion(replay.roll, data.version);
  if (version?.roots === undefined) return; // reported before: it is not being built
  version.roots.forEach((root, district) => {
    const posted = data.roots[district];
    if (posted === undefined || decodeWord(posted) !== root) {
      findings.fail(seq, `the root of district ${district} is not that of its members`);
    }
    if (data.members[district] !== at(version.members, district).length) {
      findings.fail(seq, `the number of members of district ${district} is wrong`);
    }
  });
  if (data.roots.length !== version.roots.length) findings.fail(seq, 'there are not as many roots as districts');
}

function takeSeal(replay: Replay, { seq, time, data }: EntryOf<'seal'>, findings: Findings): void {
  const { roll, config } = replay;
  if (roll.sealed !== undefined) findings.fail(seq, 'a roll is sealed already');
  const version = roll.versions.at(-1);
  if (version?.version !== data.version || version.roots === undefined || version.completedAt === undefined) {
    return findings.fail(seq, 'the sealed version is not the newest complete one');
  }
  if (time < version.completedAt + Number(config.times.challengeSeconds)) {
    findings.fail(seq, 'the roll was sealed before its challenge period had passed');
  }
  if (decodeWord(data.registrationsRoot) !== version.registrationsRoot) {
    findings.fail(seq, 'the sealed root of registrations is not the version’s');
  }
  if (decodeWord(data.sealedRootsHash) !== rootsHash(version.roots)) {
    findings.fail(seq, 'the sealed hash is not that of the roll’s roots');
  }
}

/** A version's members are the commitments registered in its file. @param seq - entry that completed it */
async function compareMembers(
  replay: Replay,
  { version, members }: RollVersion,
  seq: number | undefined,
  findings: Findings,
): Promise<void> {
  const registered = await registeredMembers(openRegistrations(replay, version), replay.config.voters.length);
  registered.forEach((commitments, district) => {
    const same = equalLists(at(members, district), commitments);
    if (!same) findings.fail(seq, `the members of district ${district} are not those registered`);
  });
}
