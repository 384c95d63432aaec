import type { EntryKind } from '../record/entry.ts';
import type { Entry } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import type { Stage } from './stage.ts';
import { advanceStage, isInForce, phaseAt, startStage } from './stage.ts';
import type { Replay } from './replay/replay.ts';

const MAX_EXTENSIONS = 64;

/** Check 10: entries stand in the chain's order, each in its phase; extensions keep their bounds (SPEC §3, §9, §12.1, §15). */
export const timesCheck: Check = {
  number: 10,
  begin(replay, findings) {
    const stage = startStage(replay.config.units.length);
    let previous: Entry | undefined;
    return {
      take(entry) {
        findings.count();
        takeOrder(previous, entry, findings);
        const fault = placeFault(replay, stage, entry);
        if (fault !== undefined) findings.fail(entry.seq, fault);
        advanceStage(stage, entry);
        previous = entry;
      },
    };
  },
};

function takeOrder(previous: Entry | undefined, entry: Entry, findings: Findings): void {
  const expected = previous === undefined ? 0 : previous.seq + 1;
  if (entry.seq !== expected) findings.fail(entry.seq, `entry ${entry.seq} stands where ${expected} belongs`);
  if (previous === undefined) return;
  if (entry.block < previous.block) findings.fail(entry.seq, 'its block is older than that of the entry before');
  if (entry.time < previous.time) findings.fail(entry.seq, 'its time is earlier than that of the entry before');
  if (entry.block === previous.block && entry.time !== previous.time) {
    findings.fail(entry.seq, 'two entries of one block have different times');
  }
}

/** Why an entry of this kind may not stand here, or undefined (SPEC §12.1 and the contracts' guards). */
function placeFault(replay: Replay, stage: Stage, entry: Entry): string | undefined {
  const { times } = replay.config;
  const phase = phaseAt(stage, replay, entry.time);
  const inForce = isInForce(stage) ? undefined : 'the election is not in force';
  switch (entry.kind) {
    case 'deployment':
    case 'defined':
      return stage.approved ? 'contracts are made after the approval' : undefined;
    case 'approve':
      if (!stage.defined || stage.approved) return 'the election is not waiting for approval';
      return entry.time < times.registrationOpens ? undefined : 'the approval came after registration had opened';
    case 'credentials':
      return inForce ?? (entry.time < times.registrationOpens ? undefined : 'credentials were sealed too late');
    case 'roll-begin':
    case 'roll-members':
    case 'roll-complete':
      return rollFault(stage, phase, entry.kind);
    case 'seal':
      return inForce ?? (entry.time < replay.timeline.closesAt ? undefined : 'the roll was sealed after closing');
    case 'extend':
      return inForce ?? extensionFault(replay, entry);
    case 'cancel':
      if (stage.certified || stage.counted || stage.decryptions > 0) return 'a count that has begun is cancelled';
      return inForce;
    case 'anchor':
      return inForce ?? (entry.time >= replay.timeline.graceEndsAt ? undefined : 'the record was anchored too early');
    default:
      return entry.kind.startsWith('ceremony-')
        ? (inForce ?? ceremonyFault(replay, stage, entry))
        : voteFault(replay, stage, entry);
  }
}

function rollFault(stage: Stage, phase: string, kind: EntryKind): string | undefined {
  if (!stage.credentials) return 'the roll is built before credentials are sealed';
  if (stage.sealed) return 'the roll is built after it was sealed';
  if (kind !== 'roll-begin' && phase === 'cancelled') return undefined; // harmless, and the contract takes it
  return phase === 'challenge' ? undefined : `the roll is built in phase ${phase}`;
}

function ceremonyFault({ timeline }: Replay, stage: Stage, { kind, time }: Entry): string | undefined {
  if (stage.keys) return 'the ceremony goes on after its keys were made';
  return kind === 'ceremony-finish' && time >= timeline.closesAt ? 'the keys were made after closing' : undefined;
}

function extensionFault(
  { config, timeline, extensions }: Replay,
  { time, data }: Extract<Entry, { kind: 'extend' }>,
): string | undefined {
  if (time >= timeline.settledAt) return 'the extension came after the count could begin';
  if (data.closesAt <= timeline.closesAt || data.closesAt <= time) return 'the extension does not extend';
  const limit = timeline.firstClosesAt + Number(config.times.maxExtensionSeconds);
  if (data.closesAt > limit) return 'the extension is longer than the definition allows';
  return extensions.length < MAX_EXTENSIONS ? undefined : `there are more than ${MAX_EXTENSIONS} extensions`;
}

/** Voting, counting and certifying. */
function voteFault(replay: Replay, stage: Stage, entry: Entry): string | undefined {
  const phase = phaseAt(stage, replay, entry.time);
  switch (entry.kind) {
    case 'poll-ready':
      return stage.sealed && stage.keys ? undefined : 'a poll is made ready before roll and keys are there';
    case 'updates':
      return phase === 'open' ? undefined : `updates in phase ${phase}`;
    case 'aggregate':
      if (phase !== 'closed') return `sums are added in phase ${phase}`;
      return entry.time >= replay.timeline.settledAt
        ? undefined
        : 'sums are added before late updates could be settled';
    case 'decryption':
    case 'counts':
      return phase === 'closed' ? undefined : `${entry.kind} in phase ${phase}`;
    case 'certify':
      return phase === 'counted' ? undefined : `the result is certified in phase ${phase}`;
    default:
      return undefined;
  }
}
