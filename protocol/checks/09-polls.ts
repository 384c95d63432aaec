import { signalCount } from '../ballot/statement.ts';
import { parseJson } from '../canonical-json.ts';
import type { VerifyingKey } from '../math/groth16-key.ts';
import { decodeVerifyingKey, publicCount } from '../math/groth16-key.ts';
import { decodeWord } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import { foldConstants } from './replay/poll-constants.ts';
import { readG1 } from './replay/posted-point.ts';
import type { Replay } from './replay/replay.ts';
import { settingOf } from './replay/replay.ts';

/** The published verifying key of the circuit with so many lanes; one for another number of signals is none (SPEC §15.4). @throws `checks/circuit`, `json/…`, `vkey/invalid` */
export function publishedKey({ evidence, keys }: Replay, lanes: number): VerifyingKey {
  const known = keys.get(lanes);
  if (known !== undefined) return known;
  const circuit = evidence.circuits.find((each) => each.lanes === lanes);
  if (circuit === undefined) throw new UrnaError('checks/circuit', `no circuit with ${lanes} lanes was published`);
  const key = decodeVerifyingKey(parseJson(circuit.verifyingKey));
  const signals = signalCount(lanes);
  require(publicCount(key) === signals, 'checks/circuit', `the key with ${lanes} lanes is not for ${signals} signals`);
  keys.set(lanes, key);
  return key;
}

/** Check 9: what a poll's proofs are checked against follows from definition, roll, ceremony and circuit (SPEC §11, §15). */
export const pollsCheck: Check = {
  number: 9,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind === 'poll-ready') takePoll(replay, entry, findings);
      },
    };
  },
};

function takePoll(replay: Replay, { seq, data }: EntryOf<'poll-ready'>, findings: Findings): void {
  findings.count();
  if (data.poll >= replay.config.polls.length) return findings.fail(seq, `the definition has no poll ${data.poll}`);
  if (replay.polls.has(data.poll)) findings.fail(seq, `poll ${data.poll} is made ready a second time`);
  const setting = settingOf(replay, data.poll);
  if (setting === undefined) return findings.fail(seq, 'a poll is made ready before roll and keys are there');
  if (decodeWord(data.root) !== setting.root) findings.fail(seq, 'the root is not that of the sealed roll');
  if (data.members !== setting.members) findings.fail(seq, 'the number of members is not that of the sealed roll');
  const expected = foldConstants(publishedKey(replay, setting.lanes), setting.signals);
  const posted = readG1(data.k);
  if (posted.x !== expected.x || posted.y !== expected.y) {
    findings.fail(seq, 'the poll’s key does not follow from circuit, scope, root, rule and election keys');
  }
}
