import { ciphertextWords } from '../ballot/ciphertext.ts';
import { at } from '../errors.ts';
import type { CliqueHeader } from '../seals/clique.ts';
import { verifyCliqueRun } from '../seals/clique.ts';
import { SEALS_FILE, decodeSeals } from '../seals/seals-file.ts';
import type { ActState } from '../seals/state.ts';
import { ACTS_PLACE, actsWord, pollPlaces, pollWord, storageRoot, storedWord } from '../seals/state.ts';
import type { TrieNodes } from '../seals/trie.ts';
import { trieNodes } from '../seals/trie.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';

/** What the entries say of acts, and how late any of them stands. */
interface Told extends ActState {
  readonly block: number;
  readonly time: number;
}

/**
 * Check 20: a majority of the chain's validators sealed a state that holds exactly this record's acts and ballots, after its last entry
 * (SPEC §14.8, §15). Of chains whose definition names no validators it says nothing.
 */
export const sealsCheck: Check = {
  number: 20,
  begin(replay, findings) {
    let told: Told = { acts: 0, approved: false, cancelled: false, certified: false, block: 0, time: 0 };
    return {
      take(entry) {
        told = {
          acts: told.acts + ('act' in entry.data && entry.data.act !== null ? 1 : 0),
          approved: told.approved || entry.kind === 'approve',
          cancelled: told.cancelled || entry.kind === 'cancel',
          certified: told.certified || entry.kind === 'certify',
          block: Math.max(told.block, entry.block),
          time: Math.max(told.time, entry.time),
        };
      },
      end() {
        checkSeals(replay, told, findings);
      },
    };
  },
};

function checkSeals(replay: Replay, told: Told, findings: Findings): void {
  const { validators } = replay.definition.chain;
  if (validators === undefined) return;
  const { seals: file } = replay.evidence;
  if (file === undefined) return findings.fail(undefined, `${SEALS_FILE} is missing: nobody sealed this record`);
  const seals = decodeSeals(file);
  findings.count(seals.headers.length + replay.config.polls.length);
  const run = verifyCliqueRun(seals.headers, validators);
  const sealed = at(run, 0);
  if (told.block > sealed.number || told.time > sealed.time) {
    return findings.fail(undefined, `an entry stands after block ${sealed.number}, whose state was sealed`);
  }
  checkState(replay, told, sealed, trieNodes(seals.nodes), findings);
}

function checkState(replay: Replay, told: Told, sealed: CliqueHeader, nodes: TrieNodes, findings: Findings): void {
  const { addresses } = replay;
  if (addresses === undefined)
    return findings.fail(undefined, 'the record does not say which contracts are the election');
  const election = storageRoot(nodes, sealed.stateRoot, addresses.election);
  if (election === undefined) return findings.fail(undefined, `at block ${sealed.number} there is no such election`);
  if (storedWord(nodes, election, ACTS_PLACE) !== actsWord(told)) {
    findings.fail(undefined, `at block ${sealed.number} the chain has other acts of the officers than the record`);
  }
  const ballots = storageRoot(nodes, sealed.stateRoot, addresses.ballots);
  if (ballots === undefined) return findings.fail(undefined, `at block ${sealed.number} there is no ballot box`);
  for (const poll of replay.config.polls.keys()) {
    if (!isSame(replay, nodes, ballots, poll)) {
      findings.fail(undefined, `at block ${sealed.number} the chain has other ballots in poll ${poll} than the record`);
    }
  }
}

function isSame(replay: Replay, nodes: TrieNodes, ballots: Uint8Array, poll: number): boolean {
  const replayed = replay.polls.get(poll);
  const word = (place: bigint): bigint => storedWord(nodes, ballots, place);
  if (replayed === undefined) return word(pollPlaces(poll, 0).word) === 0n;
  const { setting, slots, sums } = replayed;
  const places = pollPlaces(poll, setting.lanes);
  const { members, lanes } = setting;
  const expected = pollWord({ members, lanes, nonEmpty: slots.size, boxes: replay.config.boxes.length });
  const words = ciphertextWords(sums);
  return word(places.word) === expected && places.sums.every((place, i) => word(place) === at(words, i));
}
