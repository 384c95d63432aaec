import { ciphertextWords } from '../ballot/ciphertext.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, decodeNumber } from '../encoding.ts';
import type { SealedBlock } from '../seals/headers.ts';
import { sealedChain, verifyRun } from '../seals/headers.ts';
import { SEALS_FILE, decodeSeals } from '../seals/seals-file.ts';
import type { ActState, Placed, PollState } from '../seals/state.ts';
import { electionWords, pollWords, storageRoot, storedWord } from '../seals/state.ts';
import type { TrieNodes } from '../seals/trie.ts';
import { trieNodes } from '../seals/trie.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';

/** What is said of a record where check 20 has nothing to look at. */
export const NOT_SEALED =
  'Chain not sealed: the definition names no validators, so nothing here shows that whoever gave the record kept no ballot and no act back.';

/** What the entries say of acts, and how late any of them stands. */
interface Told extends ActState {
  readonly block: number;
  readonly time: number;
  /** K_poll of the polls that are ready, as the entries say. */
  readonly keys: Map<number, readonly bigint[]>;
}

/**
 * Check 20: a majority of the chain's validators sealed a state that holds exactly this record's acts and ballots, after its last entry
 * (SPEC §14.8, §15). Of chains whose definition names no validators it says nothing.
 */
export const sealsCheck: Check = {
  number: 20,
  begin(replay, findings) {
    let told: Told = {
      acts: 0,
      approved: false,
      cancelled: false,
      certified: false,
      block: 0,
      time: 0,
      keys: new Map(),
    };
    return {
      take(entry) {
        told = {
          ...told,
          acts: told.acts + ('act' in entry.data && entry.data.act !== null ? 1 : 0),
          approved: told.approved || entry.kind === 'approve',
          cancelled: told.cancelled || entry.kind === 'cancel',
          certified: told.certified || entry.kind === 'certify',
          block: Math.max(told.block, entry.block),
          time: Math.max(told.time, entry.time),
        };
      },
      after(entry) {
        if (entry.kind !== 'poll-ready' || !replay.polls.has(entry.data.poll) || told.keys.has(entry.data.poll)) return;
        const key = decodeHex(entry.data.k, 64);
        told.keys.set(entry.data.poll, [decodeNumber(key.subarray(0, 32)), decodeNumber(key.subarray(32))]);
      },
      end() {
        checkSeals(replay, told, findings);
      },
    };
  },
};

function checkSeals(replay: Replay, told: Told, findings: Findings): void {
  const chain = sealedChain(replay.definition);
  if (chain === undefined) return findings.note(NOT_SEALED);
  const { seals: file } = replay.evidence;
  if (file === undefined) return findings.fail(undefined, `${SEALS_FILE} is missing: nobody sealed this record`);
  const seals = decodeSeals(file);
  findings.count(seals.headers.length + replay.config.polls.length);
  const sealed = verifyRun(seals.headers, chain);
  if (told.block > sealed.number || told.time > sealed.time) {
    return findings.fail(undefined, `an entry stands after block ${sealed.number}, whose state was sealed`);
  }
  checkState(replay, told, sealed, trieNodes(seals.nodes), findings);
}

function checkState(replay: Replay, told: Told, sealed: SealedBlock, nodes: TrieNodes, findings: Findings): void {
  const { addresses, config } = replay;
  if (addresses === undefined)
    return findings.fail(undefined, 'the record does not say which contracts are the election');
  const storageOf = (address: Hex): Uint8Array | undefined => storageRoot(nodes, sealed.stateRoot, address);
  const [election, ballots] = [storageOf(addresses.election), storageOf(addresses.ballots)];
  const place = `at block ${sealed.number}`;
  if (election === undefined || ballots === undefined)
    return findings.fail(undefined, `${place} there is no such election`);
  const holds = (root: Uint8Array, words: Placed): boolean =>
    words.every(([at, word]) => storedWord(nodes, root, at) === word);
  if (!holds(election, electionWords(told, [Number(config.times.closesAt), ...replay.extensions]))) {
    findings.fail(undefined, `${place} the chain has other acts of the officers than the record`);
  }
  for (const poll of config.polls.keys()) {
    if (!holds(ballots, pollWords(poll, stateOf(replay, told, poll)))) {
      findings.fail(undefined, `${place} the chain has other ballots in poll ${poll} than the record`);
    }
  }
}

function stateOf({ polls, config }: Replay, { keys }: Told, poll: number): PollState | undefined {
  const replayed = polls.get(poll);
  if (replayed === undefined) return undefined;
  const { setting, slots, sums } = replayed;
  const { members, lanes } = setting;
  const size = { nonEmpty: slots.size, members, boxes: config.boxes.length, lanes };
  return { ...size, key: keys.get(poll) ?? [], sums: ciphertextWords(sums) };
}
