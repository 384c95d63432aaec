import type { ElectionParts } from '../../acts/objects.ts';
import type { ElectionDomain } from '../../acts/typed-data.ts';
import type { Config } from '../../config/config.ts';
import { toConfig } from '../../config/to-config.ts';
import { encodeDefinition } from '../../definition/decode.ts';
import type { Definition } from '../../definition/definition.ts';
import type { Hex } from '../../encoding.ts';
import { UrnaError } from '../../errors.ts';
import type { VerifyingKey } from '../../math/groth16-key.ts';
import type { Poseidon } from '../../math/poseidon.ts';
import type { Entry, EntryOf } from '../../record/entry.ts';
import type { JudgedBatch, JudgedUpdate, PollReplay, Posting } from './ballots-replay.ts';
import { applyUpdates, judgeUpdates, startPoll } from './ballots-replay.ts';
import type { CeremonyReplay } from './ceremony-replay.ts';
import { finishReplayedCeremony, noteRestart, noteReveal, startReplayedCeremony } from './ceremony-replay.ts';
import type { Evidence } from './evidence.ts';
import { pollSetting } from './poll-constants.ts';
import type { RollReplay } from './roll-replay.ts';
import { appendMembers, beginVersion, completeVersion, rootsHash, sealVersion, startRoll } from './roll-replay.ts';
import { startTally } from './tally-replay.ts';
import type { TallyReplay } from './tally-replay.ts';
import type { Timeline } from './timeline.ts';
import { timeline } from './timeline.ts';
import type { TurnsReplay } from './turns-replay.ts';
import { noteTime, noteTurns, startTurns } from './turns-replay.ts';
import { readCurvePoint } from './posted-point.ts';

/** The contracts of an election as its head named them. */
export interface ElectionAddresses extends ElectionParts {
  readonly election: Hex;
  readonly circuitKeys: readonly Hex[];
}

/**
 * The election as an observer recomputes it from the record's data, entry by entry. It follows what the record says
 * took effect and never a value that can be recomputed; what does not follow is for the checks to say.
 */
export interface Replay {
  readonly evidence: Evidence;
  readonly definition: Definition;
  readonly config: Config;
  readonly poseidon: Poseidon;
  domain?: ElectionDomain;
  /** As on chain; check 1 compares it with the published definition's. */
  definitionHash?: Hex;
  addresses?: ElectionAddresses;
  readonly extensions: number[];
  timeline: Timeline;
  readonly roll: RollReplay;
  readonly ceremony: CeremonyReplay;
  readonly polls: Map<number, PollReplay>;
  readonly turns: TurnsReplay;
  readonly tally: TallyReplay;
  /** Verifying keys by lanes, as far as they were decoded. */
  readonly keys: Map<number, VerifyingKey>;
  judged?: { readonly entry: Entry; readonly result: JudgedBatch | UrnaError };
}

/** A replay before the first entry. */
export function startReplay(evidence: Evidence, definition: Definition, config: Config, poseidon: Poseidon): Replay {
  return {
    evidence,
    definition,
    config,
    poseidon,
    extensions: [],
    timeline: timeline(config, []),
    roll: startRoll(config.voters.length),
    ceremony: startReplayedCeremony(config),
    polls: new Map(),
    turns: startTurns(config.boxes.length),
    tally: startTally(config),
    keys: new Map(),
  };
}

/** A replay that looks at the definition only: the rest of the evidence is for the checks. */
export function startPlainReplay(definition: Definition, poseidon: Poseidon): Replay {
  const build = {} as Evidence['build'];
  const nothing = { credentials: [], registrations: [], reasons: [], circuits: [], build };
  const evidence = { definition: encodeDefinition(definition), ...nothing };
  return startReplay(evidence, definition, toConfig(definition), poseidon);
}

/** What updates may rely on; undefined before a roll is sealed. */
export function postingOf({
  roll,
  config,
  timeline: times,
}: Pick<Replay, 'roll' | 'config' | 'timeline'>): Posting | undefined {
  if (roll.sealed?.roots === undefined) return undefined;
  return { timeline: times, boxes: config.boxes, sealedRootsHash: rootsHash(roll.sealed.roots) };
}

/**
 * The updates of an entry, judged in the state before it; none if their poll was never made ready, or if they are
 * malformed, which {@link updatesFault} tells.
 */
export function judgedUpdates(replay: Replay, entry: EntryOf<'updates'>): readonly JudgedUpdate[] {
  const result = judged(replay, entry);
  return result instanceof UrnaError ? [] : result.updates;
}

/** Why the updates of an entry cannot be judged, or undefined if they can. */
export function updatesFault(replay: Replay, entry: EntryOf<'updates'>): string | undefined {
  const result = judged(replay, entry);
  return result instanceof UrnaError ? result.message : undefined;
}

function judged(replay: Replay, entry: EntryOf<'updates'>): JudgedBatch | UrnaError {
  if (replay.judged?.entry !== entry) replay.judged = { entry, result: judge(replay, entry) };
  return replay.judged.result;
}

function judge(replay: Replay, entry: EntryOf<'updates'>): JudgedBatch | UrnaError {
  const poll = replay.polls.get(entry.data.poll);
  const posting = postingOf(replay);
  if (poll === undefined || posting === undefined) {
    return new UrnaError('checks/poll', `poll ${entry.data.poll} was never made ready`);
  }
  try {
    return judgeUpdates(poll, entry, posting);
  } catch (error) {
    if (error instanceof UrnaError) return error;
    throw error;
  }
}

/** Takes an entry into account. Malformed content changes nothing: the check it belongs to reports it. */
export function applyEntry(replay: Replay, entry: Entry): void {
  noteTime(replay.turns, entry);
  try {
    apply(replay, entry);
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
  }
}

function apply(replay: Replay, entry: Entry): void {
  const { roll, ceremony } = replay;
  switch (entry.kind) {
    case 'defined':
      return noteDefined(replay, entry);
    case 'extend':
      replay.extensions.push(entry.data.closesAt);
      replay.timeline = timeline(replay.config, replay.extensions);
      return;
    case 'roll-begin':
      return beginVersion(roll, entry.data);
    case 'roll-members':
      return appendMembers(roll, entry.data);
    case 'roll-complete':
      return completeVersion(roll, replay.poseidon, entry.data.version, entry.time);
    case 'seal':
      return sealVersion(roll, entry.data.version);
    case 'ceremony-reveal':
      return noteReveal(ceremony, entry.data);
    case 'ceremony-restart':
      return noteRestart(ceremony, entry.data);
    case 'ceremony-finish':
      return finishReplayedCeremony(ceremony);
    default:
      return applyVotes(replay, entry);
  }
}

function applyVotes(replay: Replay, entry: Entry): void {
  switch (entry.kind) {
    case 'poll-ready':
      return notePoll(replay, entry.data.poll);
    case 'updates': {
      const poll = replay.polls.get(entry.data.poll);
      const result = judged(replay, entry);
      if (poll === undefined || result instanceof UrnaError) return;
      noteTurns(replay.turns, result.updates, result.round, entry.data.sender, replay.config.boxes);
      return applyUpdates(poll, result);
    }
    case 'aggregate':
      return noteUnits(replay, entry);
    case 'decryption': {
      const { unit, trustee, points } = entry.data;
      replay.tally.units[unit]?.decryptions.push({ trustee, eighths: points.map(readCurvePoint) });
      return;
    }
    case 'counts': {
      const unit = replay.tally.units[entry.data.unit];
      if (unit !== undefined) unit.counts ??= entry.data.counts;
      return;
    }
    default:
  }
}

function noteDefined(replay: Replay, { data }: EntryOf<'defined'>): void {
  const { chainId, election, roll, ceremony, ballots, tally, circuitKeys } = data;
  replay.domain ??= { chainId: BigInt(chainId), election };
  replay.definitionHash ??= data.definitionHash;
  replay.addresses ??= { election, roll, ceremony, ballots, tally, circuitKeys };
}

function notePoll(replay: Replay, poll: number): void {
  const setting = settingOf(replay, poll);
  if (setting !== undefined && !replay.polls.has(poll)) replay.polls.set(poll, startPoll(setting));
}

/** Setting of a poll, recomputed; undefined before roll, keys and head are there. */
export function settingOf(replay: Replay, poll: number): ReturnType<typeof pollSetting> | undefined {
  const { domain, config, ceremony, roll } = replay;
  const sealed = roll.sealed;
  if (domain === undefined || ceremony.keys === undefined || sealed?.roots === undefined) return undefined;
  const sizes = sealed.members.map((members) => members.length);
  return pollSetting(domain, config, ceremony.keys, { roots: sealed.roots, sizes }, poll);
}

function noteUnits({ tally }: Replay, { data }: EntryOf<'aggregate'>): void {
  for (const { unit, state } of data.units) {
    const replayed = tally.units[unit];
    if (replayed !== undefined) replayed.state ??= state;
  }
}
