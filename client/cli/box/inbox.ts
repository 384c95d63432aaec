import { stat } from 'node:fs/promises';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { codeOf } from '../../../protocol/node/exit-codes.ts';
import { expandPaths, readText } from '../../../protocol/node/files.ts';
import type { Invocation } from '../frame/invocation.ts';
import { circuitFor } from '../ballot/artifacts.ts';
import { slotIn } from '../record/slot-book.ts';
import { proofFault, staleFault } from '../../../protocol/ballot/judge-update.ts';
import type { BoxSession } from './session.ts';
import { decodeUpdateFile, sentUpdate } from '../../../protocol/ballot/update-file.ts';
import type { UpdateFile } from '../../../protocol/ballot/update-file.ts';

/** An update that a box has checked: form, slot state and proof. */
export interface AcceptedUpdate {
  readonly file: string;
  readonly update: UpdateFile;
  readonly nullifier: bigint;
}

/** A file that a box does not take, and why. */
export interface RefusedFile {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}

/** What an inbox holds. Of several updates of one slot the latest file counts. */
export interface Inbox {
  readonly accepted: readonly AcceptedUpdate[];
  readonly refused: readonly RefusedFile[];
}

/** Reads and checks update files; folders stand for their `.json` files. Nothing is posted that does not hold. */
export async function readInbox(call: Invocation, session: BoxSession, paths: readonly string[]): Promise<Inbox> {
  const refused: RefusedFile[] = [];
  const slots = new Map<string, AcceptedUpdate>();
  const files = await byTime(await expandPaths(paths, '.json'));
  call.progress.start('checking updates', files.length);
  for (const [i, file] of files.entries()) {
    const judged = await judge(call, session, file);
    call.progress.update(i + 1);
    if ('code' in judged) {
      refused.push(judged);
      continue;
    }
    const slot = `${judged.update.poll}:${judged.nullifier}`;
    const earlier = slots.get(slot);
    if (earlier !== undefined)
      refused.push({ file: earlier.file, code: 'update/replaced', reason: 'a later update of its slot came' });
    slots.set(slot, judged);
  }
  call.progress.stop();
  return { accepted: [...slots.values()], refused };
}

async function judge(call: Invocation, session: BoxSession, file: string): Promise<AcceptedUpdate | RefusedFile> {
  try {
    const update = decodeUpdateFile((await readText(file, 2 ** 16)).trimEnd());
    const { chainId, election } = session.election.context;
    const same = update.context.chainId === chainId && update.context.election === election;
    require(same, 'update/election', 'the update is for another chain or contract');
    require(update.poll < session.view.replay.config.polls.length, 'update/poll', 'there is no such poll');
    const poll = session.poll(update.poll);
    const lanes = poll.constants.keys.length;
    const sent = sentUpdate(update, lanes);
    const state = slotIn(session.view, update.poll, sent.nullifier);
    const { key } = circuitFor(call, session.election.definition.environment, lanes);
    const fault = staleFault(sent, state) ?? (await proofFault(poll, key, sent, state));
    return fault === undefined ? { file, update, nullifier: sent.nullifier } : { file, ...fault };
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    return { file, code: codeOf(error), reason: error.message };
  }
}

async function byTime(files: readonly string[]): Promise<string[]> {
  const dated: (readonly [bigint, string])[] = [];
  for (const file of files) dated.push([(await stat(file, { bigint: true })).mtimeNs, file]);
  return dated.sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1)).map(([, file]) => file);
}
