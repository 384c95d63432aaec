import { applyMessage } from './apply.ts';
import type { CeremonyMessage } from './messages.ts';
import { startCeremony, transcriptHash } from './state.ts';
import type { CeremonyState } from './state.ts';
import { messageObject } from './step-object.ts';
import type { CeremonySetup } from './setup.ts';
import { signatureFault } from '../acts/quorum.ts';
import { stepDigest } from '../acts/typed-data.ts';
import { decodeHex, decodeNumber, decodeWord } from '../encoding.ts';
import type { Hex } from '../encoding.ts';
import { at, require } from '../errors.ts';
import type { Entry } from '../record/entry.ts';
import { concatBytes } from '../encoding.ts';
import { lanesFor } from '../ballot/rules.ts';
import type { ElectionContext } from '../credentials/registration.ts';
import type { Definition } from '../definition/definition.ts';

/** The ceremony's rules and who its trustees are, index 1 first. */
export interface CeremonyRules {
  readonly setup: CeremonySetup;
  readonly keys: readonly Hex[];
  /** From when the first stage's deadline counts: `registrationOpens` (SPEC §7.2). */
  readonly startsAt: number;
}

/** Rules of the ceremony of a definition. */
export function ceremonyRules(
  { trustees, contests, times }: Definition,
  { chainId, election }: Pick<ElectionContext, 'chainId' | 'election'>,
): CeremonyRules {
  const setup = {
    chainId: BigInt(chainId),
    election,
    trustees: trustees.keys.length,
    threshold: trustees.threshold,
    lanes: Math.max(...contests.map(({ options }) => lanesFor(options.length))),
    stageSeconds: times.challengeSeconds,
  };
  return { setup, keys: trustees.keys, startsAt: times.registrationOpens };
}

/**
 * The ceremony after the record's entries. Every message is judged again: by the contract's rules and by its trustee's signature,
 * so that a record from a lying node cannot make a trustee deal to somebody else's transport key.
 *
 * @param state - before the entry, undefined before the election is approved
 * @throws `ceremony/*`, `record/ceremony` for a signature that is not the trustee's
 */
export function followCeremony(
  rules: CeremonyRules,
  state: CeremonyState | undefined,
  entry: Entry,
): CeremonyState | undefined {
  if (entry.kind === 'approve') return startCeremony(rules.setup, rules.startsAt);
  if (!entry.kind.startsWith('ceremony-')) return state;
  require(state !==
    undefined, 'record/ceremony', `entry ${entry.seq}: a ceremony message before the election was approved`);
  const message = messageOf(state, entry);
  if (message === undefined) return state;
  if (message.kind !== 'timeout' && message.kind !== 'finish' && 'signature' in entry.data) {
    const { attempt, trustee, kind: name } = message;
    const step = { name, attempt: BigInt(attempt), trustee: BigInt(trustee), object: messageObject(message) };
    const digest = stepDigest(rules.setup, step);
    const fault = signatureFault(digest, decodeHex(entry.data.signature), at(rules.keys, trustee - 1));
    require(fault === undefined, 'record/ceremony', `entry ${entry.seq}: ${fault ?? ''}`);
  }
  return applyMessage(state, message);
}

/** The message an entry stands for; none where the state has drawn the entry's consequence already. */
function messageOf(state: CeremonyState, entry: Entry): CeremonyMessage | undefined {
  const { time } = entry;
  switch (entry.kind) {
    case 'ceremony-commit':
      return { ...base(entry.data, time), kind: 'commit', hash: decodeWord(entry.data.commitment) };
    case 'ceremony-reveal':
      return { ...base(entry.data, time), kind: 'reveal', words: revealWords(entry.data) };
    case 'ceremony-deal':
      return {
        ...base(entry.data, time),
        kind: 'deal',
        bytes: concatBytes(...entry.data.shares.map((s) => decodeHex(s))),
      };
    case 'ceremony-confirm':
      return { ...base(entry.data, time), kind: 'confirm', transcript: transcriptHash(state) };
    case 'ceremony-accuse':
      return { ...base(entry.data, time), kind: 'accuse', dealer: entry.data.dealer, lane: entry.data.lane };
    case 'ceremony-answer': {
      const { accuser, lane, share } = entry.data;
      return { ...base(entry.data, time), kind: 'answer', accuser, lane, share: decodeWord(share) };
    }
    case 'ceremony-restart':
      // After an answer the state has restarted by itself; otherwise a time-out did it.
      return entry.data.attempt === state.attempt ? undefined : { attempt: state.attempt, time, kind: 'timeout' };
    case 'ceremony-finish':
      return { attempt: state.attempt, time, kind: 'finish' };
    default:
      return undefined;
  }
}

function base({ attempt, trustee }: { readonly attempt: number; readonly trustee: number }, time: number) {
  return { attempt, trustee, time };
}

interface RevealData {
  readonly points: readonly Hex[];
  readonly k: Hex;
  readonly z: Hex;
  readonly transportKey: Hex;
}

function revealWords({ points, k, z, transportKey }: RevealData): bigint[] {
  const coordinates = [...points, k].flatMap((point) => {
    const bytes = decodeHex(point, 64);
    return [decodeNumber(bytes.subarray(0, 32)), decodeNumber(bytes.subarray(32))];
  });
  return [...coordinates, decodeWord(z), decodeWord(transportKey)];
}
