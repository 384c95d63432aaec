import type { Entry } from '../record/entry.ts';
import type { Replay } from './replay/replay.ts';

/** Phases of an election (DESIGN §4). */
export type Phase =
  'defined' | 'registering' | 'challenge' | 'ready' | 'open' | 'closed' | 'counted' | 'certified' | 'cancelled';

/** What has happened so far, as far as phases depend on it. Owned and changed in place by check 10. */
export interface Stage {
  defined: boolean;
  approved: boolean;
  cancelled: boolean;
  certified: boolean;
  credentials: boolean;
  sealed: boolean;
  /** The ceremony is finished. */
  keys: boolean;
  decryptions: number;
  /** Units that have their final state. */
  readonly final: Set<number>;
  readonly units: number;
  counted: boolean;
}

export function startStage(units: number): Stage {
  return {
    defined: false,
    approved: false,
    cancelled: false,
    certified: false,
    credentials: false,
    sealed: false,
    keys: false,
    decryptions: 0,
    final: new Set(),
    units,
    counted: false,
  };
}

/** True between approval and cancellation. */
export function isInForce({ approved, cancelled }: Stage): boolean {
  return approved && !cancelled;
}

/** The phase at a block time, as the contract computes it. */
export function phaseAt(stage: Stage, { config, timeline }: Replay, time: number): Phase {
  if (stage.cancelled) return 'cancelled';
  if (stage.certified) return 'certified';
  if (!stage.approved || time < config.times.registrationOpens) return 'defined';
  if (time < config.times.registrationCloses) return 'registering';
  if (!stage.sealed || !stage.keys) return 'challenge';
  if (time < timeline.opensAt) return 'ready';
  if (time < timeline.graceEndsAt) return 'open';
  return stage.counted ? 'counted' : 'closed';
}

/** Takes an entry into account. */
export function advanceStage(stage: Stage, entry: Entry): void {
  switch (entry.kind) {
    case 'defined':
      stage.defined = true;
      return;
    case 'approve':
      stage.approved = true;
      return;
    case 'credentials':
      stage.credentials = true;
      return;
    case 'seal':
      stage.sealed = true;
      return;
    case 'ceremony-finish':
      stage.keys = true;
      return;
    case 'cancel':
      stage.cancelled = true;
      return;
    case 'certify':
      stage.certified = true;
      return;
    case 'decryption':
      stage.decryptions += 1;
      return;
    case 'aggregate':
      for (const { unit, state } of entry.data.units) if (state !== 'open' && unit < stage.units) stage.final.add(unit);
      break;
    case 'counts':
      // Counts of a unit that there is not (check 17) must not pass for those of one that is missing.
      if (entry.data.unit < stage.units) stage.final.add(entry.data.unit);
      break;
    default:
      return;
  }
  stage.counted = stage.final.size === stage.units;
}
