import { readStatus } from '../../../contracts/client/election.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { proveUpdate } from '../../../protocol/ballot/prove.ts';
import { prepareMask } from '../../../protocol/ballot/update.ts';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import { postingOf } from '../../../protocol/checks/replay/replay.ts';
import { inLastQuarter, roundAt } from '../../../protocol/checks/replay/timeline.ts';
import { lowerHex } from '../../../contracts/client/election.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { shuffle } from '../../../protocol/random.ts';
import { circuitFor } from '../ballot/artifacts.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { BookedSlot } from '../../../protocol/voting/slot-book.ts';
import { readInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';
import { sendUpdates } from './send.ts';
import { openBox } from './session.ts';
import type { BoxSession } from './session.ts';
import { updateWords, wordsHex } from '../../../protocol/ballot/update-file.ts';
import type { UpdateFile } from '../../../protocol/ballot/update-file.ts';

/** A slot that wants an update in this round. */
interface DueSlot {
  readonly poll: number;
  readonly nullifier: bigint;
  readonly state: BookedSlot;
}

/**
 * `urna box mask`: one update for every slot of this box's round, in random order: the changed vote that waits in the inbox, or a
 * mask (one is made for every slot). In a round's last quarter a box takes over the slots that others have left. Fresh randomness, gone with the process.
 */
export async function mask(call: Invocation): Promise<Outcome> {
  const session = await openBox(call);
  const due = await dueSlots(session);
  const folder = optional(call, 'inbox');
  const inbox: Inbox = folder === undefined ? { accepted: [], refused: [] } : await readInbox(call, session, [folder]);
  const updates: UpdateFile[] = [];
  let changed = 0;
  call.progress.start('masks and changed votes', due.length);
  for (const slot of shuffle(due, randomBytes)) {
    const waiting = inbox.accepted.find(
      ({ update, nullifier }) => update.poll === slot.poll && nullifier === slot.nullifier,
    );
    if (waiting !== undefined) changed += 1;
    // Made in any case: from how long it all takes nobody is to tell how many votes there are.
    const made = await makeMask(call, session, slot);
    updates.push(waiting?.update ?? made);
    call.progress.update(updates.length);
  }
  call.progress.stop();
  const sent = await sendUpdates(call, session, updates);
  await terminate();
  const { refused } = inbox;
  const counts = { due: due.length, counted: sent.counted.length, skipped: sent.skipped.length, batches: sent.batches };
  const text = `${counts.counted} of ${due.length} slots updated in ${sent.batches} batches`;
  const data = { ...counts, changed, gas: sent.gas, refused };
  return counts.skipped === 0 ? { data, text } : { data, text, exit: 1, code: 'check/updates' };
}

/** Slots that nobody has updated in the running round and that this box may update now. @throws `state/round` outside voting time */
async function dueSlots({ view, at, sender }: BoxSession): Promise<DueSlot[]> {
  const posting = postingOf(view.replay);
  if (posting === undefined) throw new UrnaError('state/roll', 'the roll is not sealed yet');
  const time = Number((await readStatus(at)).blockTime);
  const round = roundAt(posting.timeline, time);
  require(round !== undefined, 'state/round', 'voting is not open: there is nothing to mask');
  const own = posting.boxes.indexOf(lowerHex(sender.account.address));
  require(own >= 0, 'key/box', 'the account is none of the ballot boxes of this election');
  const takesOver = inLastQuarter(round, time);
  const mine = (nullifier: bigint): boolean =>
    takesOver || boxOfSlot(posting.sealedRootsHash, nullifier, round.round, posting.boxes.length) === own;
  return [...view.slots].flatMap(([poll, slots]) =>
    [...slots].flatMap(([nullifier, state]) =>
      state.round !== round.round && mine(nullifier) ? [{ poll, nullifier, state }] : [],
    ),
  );
}

async function makeMask(call: Invocation, { poll, election }: BoxSession, slot: DueSlot): Promise<UpdateFile> {
  const { constants, base } = poll(slot.poll);
  const prepared = prepareMask({
    constants,
    contextBase: base,
    slot: slot.nullifier as Field,
    state: slot.state,
    randomness: drawRandomness(randomBytes),
  });
  const circuit = circuitFor(call, election.definition.environment, constants.keys.length);
  const proved = await proveUpdate(circuit, constants, prepared, randomBytes);
  const words = wordsHex(updateWords(proved, slot.state));
  return { context: election.context, poll: slot.poll, first: false, words };
}
