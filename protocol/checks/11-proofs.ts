import { updateContext } from '../ballot/slot.ts';
import { oldOf, updateSignals } from '../ballot/statement.ts';
import { isOnCurve } from '../math/curve.ts';
import type { Field } from '../math/field.ts';
import type { EntryOf } from '../record/entry.ts';
import { publishedKey } from './09-polls.ts';
import type { Check, Findings } from './check.ts';
import { ProofQueue } from './proof-queue.ts';
import type { JudgedUpdate } from './replay/ballots-replay.ts';
import type { PollSetting } from './replay/poll-constants.ts';
import type { Replay } from './replay/replay.ts';
import { judgedUpdates } from './replay/replay.ts';

/**
 * Check 11: the proof of every update that took effect holds for the poll's recomputed constants and the slot state that
 * the update names (SPEC §10, §11, §15). That the slot was in that state is check 12.
 */
export const proofsCheck: Check = {
  number: 11,
  begin(replay, findings, { verifyProofs, provedEntries }) {
    const queue = new ProofQueue(verifyProofs);
    return {
      async take(entry, index) {
        if (entry.kind === 'updates')
          await takeUpdates(replay, entry, index < provedEntries ? undefined : queue, findings);
      },
      settle: () => queue.drain(),
    };
  },
};

/** @param queue - undefined where an earlier run has verified the proofs */
async function takeUpdates(
  replay: Replay,
  entry: EntryOf<'updates'>,
  queue: ProofQueue | undefined,
  findings: Findings,
): Promise<void> {
  const setting = replay.polls.get(entry.data.poll)?.setting;
  if (setting === undefined) return;
  const effective = judgedUpdates(replay, entry).filter(({ skipped }) => !skipped);
  if (effective.length === 0) return;
  // Before anything is counted: without its key no update of the batch is examined.
  const key = publishedKey(replay, setting.lanes);
  for (const update of effective) {
    findings.count();
    if (queue === undefined) continue;
    const refuse = (why: string): void => findings.fail(entry.seq, `update ${update.index}: ${why}`);
    const { next, proof } = update.sent;
    if (![next.R, ...next.C].every(isOnCurve)) {
      refuse('a point is off the curve');
      continue;
    }
    const job = { key, constants: setting.signals };
    const claim = { signals: signalsOf(setting, update), proof, refuse: () => refuse('its proof does not hold') };
    await queue.add(setting.poll, job, claim);
  }
}

/** The update's public signals: of what was sent, only nullifier and ciphertexts enter as they are. */
function signalsOf({ contextBase, lanes }: PollSetting, { sent, head }: JudgedUpdate): bigint[] {
  const nullifier = sent.nullifier as Field;
  const previous = sent.previous;
  return updateSignals({
    nullifier,
    context: updateContext(contextBase, nullifier, head),
    fresh: previous === undefined,
    old: oldOf(previous, lanes),
    next: sent.next,
  });
}
