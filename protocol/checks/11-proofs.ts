import type { Update } from '../ballot/statement.ts';
import { oldOf, updateSignals } from '../ballot/statement.ts';
import { updateContext } from '../ballot/slot.ts';
import { UrnaError } from '../errors.ts';
import { isOnCurve } from '../math/curve.ts';
import type { Field } from '../math/field.ts';
import type { Proof } from '../math/groth16-proof.ts';
import { decodeProof } from '../math/groth16-proof.ts';
import type { EntryOf } from '../record/entry.ts';
import { publishedKey } from './09-polls.ts';
import type { Check, Findings } from './check.ts';
import type { JudgedUpdate } from './replay/ballots-replay.ts';
import type { PollSetting } from './replay/poll-constants.ts';
import { ProofBatch } from './proof-batch.ts';
import type { Replay } from './replay/replay.ts';
import { judgedUpdates } from './replay/replay.ts';

/**
 * Check 11: the proof of every update that took effect holds for the poll's recomputed constants and the slot state that
 * the update names (SPEC §10, §11, §15). That the slot was in that state is check 12.
 */
export const proofsCheck: Check = {
  number: 11,
  begin(replay, findings) {
    const batches = new Map<number, ProofBatch>();
    return {
      async take(entry) {
        if (entry.kind === 'updates') await takeUpdates(replay, entry, batches, findings);
      },
      async end() {
        for (const batch of batches.values()) await batch.verify();
      },
    };
  },
};

async function takeUpdates(
  replay: Replay,
  entry: EntryOf<'updates'>,
  batches: Map<number, ProofBatch>,
  findings: Findings,
): Promise<void> {
  const setting = replay.polls.get(entry.data.poll)?.setting;
  if (setting === undefined) return;
  const updates = judgedUpdates(replay, entry);
  const batch = batches.get(setting.lanes) ?? new ProofBatch(publishedKey(replay, setting.lanes));
  batches.set(setting.lanes, batch);
  for (const update of updates.filter(({ skipped }) => !skipped)) {
    findings.count();
    const refuse = (why: string): void => findings.fail(entry.seq, `update ${update.index}: ${why}`);
    const proof = proofOf(update);
    if (proof instanceof UrnaError) refuse(proof.message);
    else if (![update.sent.next.R, ...update.sent.next.C].every(isOnCurve)) refuse('a point is off the curve');
    else await batch.add(signalsOf(setting, update), proof, () => refuse('its proof does not hold'));
  }
}

function proofOf({ sent }: JudgedUpdate): Proof | UrnaError {
  try {
    return decodeProof(sent.proof);
  } catch (error) {
    if (error instanceof UrnaError) return error;
    throw error;
  }
}

/** All public signals of an update, none of them taken from its transaction but nullifier and ciphertexts. */
function signalsOf({ signals, contextBase, lanes }: PollSetting, { sent, head }: JudgedUpdate): bigint[] {
  const nullifier = sent.nullifier as Field;
  const update: Update = {
    nullifier,
    context: updateContext(contextBase, nullifier, head),
    fresh: sent.previous === undefined,
    old: oldOf(sent.previous, lanes),
    next: sent.next,
  };
  return [...signals, ...updateSignals(update)];
}
