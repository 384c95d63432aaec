import { signatureFault } from '../acts/quorum.ts';
import type { StepName } from '../acts/typed-data.ts';
import { stepDigest } from '../acts/typed-data.ts';
import { applyMessage } from '../ceremony/apply.ts';
import type { CeremonyMessage } from '../ceremony/messages.ts';
import { revealHash } from '../ceremony/reveal.ts';
import type { CeremonyState } from '../ceremony/state.ts';
import { startCeremony, transcriptHash } from '../ceremony/state.ts';
import { concatBytes, decodeHex, decodeNumber, decodeWord, encodeWord } from '../encoding.ts';
import { at } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import type { Point } from '../math/curve.ts';
import { equalPoints, pointWords } from '../math/curve.ts';
import type { Entry, EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import { keyLanes } from './replay/ceremony-replay.ts';
import { readPoint } from './replay/posted-point.ts';
import type { Replay } from './replay/replay.ts';

type StepEntry = Extract<Entry, { readonly data: { readonly trustee: number; readonly attempt: number } }>;

/** A trustee's message: what the contract made of it, and what the trustee signed. */
interface Step {
  readonly name: StepName;
  readonly object: bigint;
  readonly message: CeremonyMessage;
}

/** Check 8: every message of the key ceremony, replayed as the contract must have taken it, and its keys (SPEC §7, §15). */
export const ceremonyCheck: Check = {
  number: 8,
  begin(replay, findings) {
    let state: CeremonyState | undefined;
    return {
      take(entry) {
        if (!entry.kind.startsWith('ceremony-')) return;
        findings.count();
        state ??= firstState(replay);
        if (state === undefined) return findings.fail(entry.seq, 'a ceremony stands before its election');
        state = takeEntry(replay, state, entry, findings);
      },
    };
  },
};

/** The first attempt's clock starts when registration opens: nobody can start it early (SPEC §7.2). */
function firstState({ domain, config }: Replay): CeremonyState | undefined {
  if (domain === undefined) return undefined;
  const setup = {
    ...domain,
    trustees: config.trustees.length,
    threshold: Number(config.threshold),
    lanes: keyLanes(config),
    stageSeconds: Number(config.times.challengeSeconds),
  };
  return startCeremony(setup, Number(config.times.registrationOpens));
}

function takeEntry(replay: Replay, state: CeremonyState, entry: Entry, findings: Findings): CeremonyState {
  switch (entry.kind) {
    case 'ceremony-restart':
      return takeRestart(state, entry, findings);
    case 'ceremony-abort': {
      const next = timedOut(state, entry.data.attempt, entry.time);
      if (next.stage !== 'aborted') findings.fail(entry.seq, 'the ceremony had no reason to be aborted');
      return next;
    }
    case 'ceremony-finish': {
      const { attempt } = entry.data;
      const next = applyMessage(state, { kind: 'finish', attempt, time: entry.time });
      compareKeys(next, entry, findings);
      return next;
    }
    default:
      return takeStep(replay, state, entry as StepEntry, findings);
  }
}

function takeStep(replay: Replay, state: CeremonyState, entry: StepEntry, findings: Findings): CeremonyState {
  const trustee = replay.config.trustees[entry.data.trustee - 1];
  if (trustee === undefined) {
    findings.fail(entry.seq, 'no trustee has this number');
    return state;
  }
  const { name, object, message } = stepOf(state, entry);
  const signed = { name, object, attempt: BigInt(entry.data.attempt), trustee: BigInt(entry.data.trustee) };
  const digest = stepDigest(state.setup, signed);
  const fault = signatureFault(digest, decodeHex(entry.data.signature), trustee);
  if (fault !== undefined) findings.fail(entry.seq, `the step ${name} is not signed by its trustee: ${fault}`);
  return applyMessage(state, message);
}

function objectOf(...words: readonly bigint[]): bigint {
  return decodeNumber(keccak256(concatBytes(...words.map(encodeWord))));
}

/** The message of a trustee's entry, and the object that was signed (SPEC §7.1). */
function stepOf(state: CeremonyState, entry: StepEntry): Step {
  const place = { attempt: entry.data.attempt, trustee: entry.data.trustee, time: entry.time };
  switch (entry.kind) {
    case 'ceremony-commit': {
      const hash = decodeWord(entry.data.commitment);
      return { name: 'commit', object: objectOf(hash), message: { ...place, kind: 'commit', hash } };
    }
    case 'ceremony-reveal': {
      const { points, k, z, transportKey } = entry.data;
      const words = [...pointWords(...[...points, k].map(readPoint)), decodeWord(z), decodeWord(transportKey)];
      return { name: 'reveal', object: revealHash(words), message: { ...place, kind: 'reveal', words } };
    }
    case 'ceremony-deal': {
      const bytes = concatBytes(...entry.data.shares.map((share) => decodeHex(share)));
      return { name: 'deal', object: decodeNumber(keccak256(bytes)), message: { ...place, kind: 'deal', bytes } };
    }
    case 'ceremony-confirm': {
      const transcript = transcriptHash(state);
      return { name: 'confirm', object: objectOf(transcript), message: { ...place, kind: 'confirm', transcript } };
    }
    case 'ceremony-accuse': {
      const { dealer, lane } = entry.data;
      const object = objectOf(BigInt(dealer), BigInt(lane));
      return { name: 'accuse', object, message: { ...place, kind: 'accuse', dealer, lane } };
    }
    case 'ceremony-answer': {
      const { accuser, lane } = entry.data;
      const share = decodeWord(entry.data.share);
      const object = objectOf(BigInt(accuser), BigInt(lane), share);
      return { name: 'answer', object, message: { ...place, kind: 'answer', accuser, lane, share } };
    }
  }
}

/** The state in `attempt`: an answer has led there already, or a time-out does now. */
function timedOut(state: CeremonyState, attempt: number, time: number): CeremonyState {
  return state.attempt === attempt ? state : applyMessage(state, { kind: 'timeout', attempt: attempt - 1, time });
}

function takeRestart(
  state: CeremonyState,
  { seq, time, data }: EntryOf<'ceremony-restart'>,
  findings: Findings,
): CeremonyState {
  const next = timedOut(state, data.attempt, time);
  const all = Array.from({ length: next.setup.trustees }, (_, i) => i + 1);
  const excluded = all.filter((trustee) => !next.active.includes(trustee));
  if (data.excluded.join() !== excluded.join() || next.stage !== 'commit')
    findings.fail(seq, 'the restart does not follow from the attempt before it');
  return next;
}

function compareKeys({ keys }: CeremonyState, { seq, data }: EntryOf<'ceremony-finish'>, findings: Findings): void {
  if (keys === undefined) return findings.fail(seq, 'the ceremony is not finished');
  const same = (posted: readonly `0x${string}`[], own: readonly Point[]): boolean =>
    posted.length === own.length && posted.every((point, i) => equalPoints(readPoint(point), at(own, i)));
  if (!same(data.pk, keys.publicKeys)) findings.fail(seq, 'the public keys do not follow from the commitments');
  if (!same(data.pk2, keys.shiftedKeys)) findings.fail(seq, 'the shifted keys are not 2^125 times the public keys');
  const rows = keys.verificationKeys.size;
  const sameRows =
    rows === data.vk.length &&
    data.vk.every(({ trustee, points }) => {
      const own = keys.verificationKeys.get(trustee);
      return own !== undefined && same(points, own);
    });
  if (!sameRows || new Set(data.vk.map(({ trustee }) => trustee)).size !== rows) {
    findings.fail(seq, 'the verification keys do not follow from the commitments');
  }
}
