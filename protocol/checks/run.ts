import { canonicalBytes } from '../canonical-json.ts';
import { signaturesHere } from '../credentials/signature-batch.ts';
import type { SignatureVerifier } from '../credentials/signature-batch.ts';
import { UrnaError, at } from '../errors.ts';
import type { Definition } from '../definition/definition.ts';
import { decodeDefinition } from '../definition/decode.ts';
import { loadPoseidon } from '../math/poseidon.ts';
import { lineDigest } from '../record/chain-hash.ts';
import type { Entry } from '../record/entry.ts';
import { decodeEntry } from '../record/entry.ts';
import { proofsCheck } from './11-proofs.ts';
import type { Check, CheckResult, Means, Pass } from './check.ts';
import { FirstFault } from './check.ts';
import { CHECKS, checkOfKind } from './checks.ts';
import { toConfig } from '../config/to-config.ts';
import type { ProofVerifier } from './proof-queue.ts';
import { verifyHere } from './proof-queue.ts';
import type { Evidence } from './replay/evidence.ts';
import type { Replay } from './replay/replay.ts';
import { applyEntry, startReplay } from './replay/replay.ts';
import type { RoundTurns } from './replay/turns-replay.ts';
import { roundTurns } from './replay/turns-replay.ts';
import { checkTitle } from './titles.ts';

/** The outcome of all checks. */
export interface Report {
  readonly checks: readonly CheckResult[];
  /** True if no check found anything wrong. */
  readonly ok: boolean;
  /** True if the record reaches its end: a certified result, or a cancellation. Checks of an unfinished record say nothing of what is to come. */
  readonly complete: boolean;
  /** What the definition says of itself: every verification has to say it, too (DESIGN §2.2). */
  readonly assurance: Definition['assurance'] | undefined;
  /** Whether the definition names the chain's validators (SPEC §14.8): where it does not, every verification has to say that nobody sealed the chain. */
  readonly sealed: boolean;
  /** Entries read. */
  readonly entries: number;
  /** How boxes kept to their turns, round by round (SPEC §15.6). */
  readonly rounds: readonly RoundTurns[];
  /** The election as recomputed, for whoever shows or counts it; undefined if the definition cannot be read. */
  readonly replay: Replay | undefined;
}

/** How a run is made. */
export interface RunOptions {
  /** Numbers of the checks to run; all by default. */
  readonly only?: readonly number[];
  /** Called after every entry. @param entries - read so far */
  readonly progress?: (entries: number) => void;
  /** Called with every entry that can be decoded, once it was taken into account, and the election as it is then. What it throws ends the run. */
  readonly taken?: (entry: Entry, replay: Replay) => void;
  /** Verifies proofs, in threads where there are any; by default here. */
  readonly verifyProofs?: ProofVerifier;
  /** Verifies signatures of registrations, in threads where there are any; by default here. */
  readonly verifySignatures?: SignatureVerifier;
  /** Proofs of so many first entries have been verified before: under the same definition and keys, and the entries are the same. */
  readonly provedEntries?: number;
  /** Called at the given numbers of entries, ascending, as long as no proof up to there has failed. */
  readonly checkpoints?: {
    readonly at: readonly number[];
    readonly reached: (entries: number) => void | Promise<void>;
  };
}

/** Entries as decoded, or as JSON values, which are decoded strictly. */
export type EntrySource = Iterable<unknown> | AsyncIterable<unknown>;

/** An entry as {@link EntrySource} has it, with the SHA-256 of its line where a reader has that already. */
interface SourceLine {
  readonly value: unknown;
  readonly digest?: Uint8Array;
}

interface Running {
  readonly check: Check;
  readonly pass: Pass;
  readonly faults: FirstFault;
}

/**
 * Runs the numbered checks (SPEC §15) over a record, in one pass. Never throws for anything that is false or malformed in
 * record or evidence: that is a failure of the check it belongs to.
 */
export function runChecks(source: EntrySource, evidence: Evidence, options: RunOptions = {}): Promise<Report> {
  return runOverLines(linesOf(source), evidence, options);
}

async function* linesOf(source: EntrySource): AsyncGenerator<SourceLine> {
  for await (const value of source) yield { value };
}

/** {@link runChecks} over a record's lines, none of which is hashed again. @param lines - by `readRecordLines` */
export async function runOverLines(
  lines: AsyncIterable<SourceLine>,
  evidence: Evidence,
  options: RunOptions = {},
): Promise<Report> {
  const checks = CHECKS.filter(({ number }) => options.only?.includes(number) ?? true);
  const replay = await readEvidence(evidence);
  if (replay instanceof UrnaError) return unreadable(checks, evidence, replay);
  const running = checks.map((check): Running => {
    const faults = new FirstFault();
    return { check, faults, pass: check.begin(replay, faults, meansOf(options)) };
  });
  const checkpoints = new Set(options.checkpoints?.at);
  let position = 0;
  let complete = false;
  for await (const { value, digest } of lines) {
    for (const each of running) {
      const { read } = each.pass;
      if (read !== undefined) {
        await guarded(each, position, () => read(digest ?? lineDigest(canonicalBytes(value))));
      }
    }
    const entry = readEntry(value, position, running);
    if (entry !== undefined) {
      for (const each of running) await guarded(each, entry.seq, () => each.pass.take?.(entry, position));
      applyEntry(replay, entry);
      for (const each of running) await guarded(each, entry.seq, () => each.pass.after?.(entry));
      options.taken?.(entry, replay);
      complete ||= entry.kind === 'certify' || entry.kind === 'cancel';
    }
    position += 1;
    options.progress?.(position);
    if (checkpoints.has(position) && (await isProved(running))) await options.checkpoints?.reached(position);
  }
  await isProved(running);
  for (const each of running) await guarded(each, undefined, () => each.pass.end?.());
  const results = running.map(({ check, faults }) => resultOf(check, faults));
  const { assurance, boxes, chain } = replay.definition;
  const ids = boxes.map(({ id }) => id);
  const rounds = roundTurns(replay.turns, replay.timeline, ids);
  const ok = results.every((each) => each.ok);
  const sealed = chain.validators !== undefined;
  return { checks: results, ok, complete, assurance, sealed, entries: position, rounds, replay };
}

function meansOf({
  verifyProofs = verifyHere,
  provedEntries = 0,
  verifySignatures = signaturesHere(),
}: RunOptions): Means {
  return { verifyProofs, provedEntries, verifySignatures };
}

/** Lets the checks finish what is under way. @returns whether every proof so far holds */
async function isProved(running: readonly Running[]): Promise<boolean> {
  for (const each of running) await guarded(each, undefined, () => each.pass.settle?.());
  return running.some(({ check, faults }) => check.number === proofsCheck.number && faults.none);
}

/** One check alone, over the whole record. */
export async function runCheck(number: number, source: EntrySource, evidence: Evidence): Promise<CheckResult> {
  return at((await runChecks(source, evidence, { only: [number] })).checks, 0);
}

async function readEvidence(evidence: Evidence): Promise<Replay | UrnaError> {
  try {
    const definition = decodeDefinition(evidence.definition);
    const config = toConfig(definition);
    return startReplay(evidence, definition, config, await loadPoseidon());
  } catch (error) {
    if (error instanceof UrnaError) return error;
    throw error;
  }
}

/** The entry in a value; a malformed one is a failure of the check its kind belongs to, with its position. */
function readEntry(value: unknown, position: number, running: readonly Running[]): Entry | undefined {
  try {
    return decodeEntry(value);
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
    const number = checkOfKind(kind);
    const owner = running.find(({ check }) => check.number === number);
    owner?.faults.fail(position, `malformed: ${error.message}`);
    return undefined;
  }
}

/** What a check cannot even read is a failure of the check. */
async function guarded({ faults }: Running, seq: number | undefined, step: () => void | Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    faults.fail(seq, error.message);
  }
}

function resultOf({ number }: Check, faults: FirstFault): CheckResult {
  const { title, meaning } = checkTitle(number);
  return faults.result(number, title, meaning);
}

/** Without a definition nothing can be checked, and nothing is. */
function unreadable(checks: readonly Check[], { definition }: Evidence, { message }: UrnaError): Report {
  const place = `election.json, ${definition.length} bytes`;
  const results = checks.map(({ number }): CheckResult => {
    const detail =
      number === 1
        ? `the definition cannot be read: ${place}: ${message}`
        : 'not checked: the definition cannot be read';
    return { number, title: checkTitle(number).title, items: 0, ok: false, detail };
  });
  return {
    checks: results,
    ok: false,
    complete: false,
    assurance: undefined,
    sealed: false,
    entries: 0,
    rounds: [],
    replay: undefined,
  };
}
