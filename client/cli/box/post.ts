import { terminate } from '../../../protocol/math/groth16.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { readInbox } from './inbox.ts';
import type { RefusedFile } from './inbox.ts';
import { sendUpdates } from './send.ts';
import { openBox } from './session.ts';

/**
 * `urna box post`: checks voters' updates and posts those that hold, shuffled. Exit 1 if a file was refused or an update did not take
 * effect; which, and why, is in the answer.
 */
export async function post(call: Invocation): Promise<Outcome> {
  const session = await openBox(call);
  const { accepted, refused } = await readInbox(call, session, call.args);
  const sent = await sendUpdates(
    call,
    session,
    accepted.map(({ update }) => update),
  );
  await terminate();
  const late = accepted.filter(({ update }) => sent.skipped.includes(update)).map(({ file }) => skippedFile(file));
  const data = { counted: sent.counted.length, batches: sent.batches, gas: sent.gas, refused: [...refused, ...late] };
  const lines = data.refused.map(({ file, code, reason }) => `refused ${file}: ${reason} [${code}]`);
  const text = [...lines, `${data.counted} updates on chain in ${sent.batches} batches`].join('\n');
  return data.refused.length === 0 ? { data, text } : { data, text, exit: 1, code: 'check/updates' };
}

function skippedFile(file: string): RefusedFile {
  return {
    file,
    code: 'update/skipped',
    reason: 'the chain skipped it: slot, round or sender did not fit; look again later',
  };
}
