import { decodeOpening } from '../../../protocol/ballot/opening.ts';
import type { Opening } from '../../../protocol/ballot/opening.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { readFoundation } from '../../../protocol/voting/foundation.ts';
import { openedBallot } from '../../../protocol/voting/opened-ballot.ts';
import { getBytes } from '../../http/ask.ts';
import { answerOnce } from '../worker/answer-once.ts';
import type { CheckTask, CheckedBallot } from './check-task.ts';

/** Milliseconds for the keys: shares of a whole ceremony, over a slow connection. */
const TIMEOUT = 120_000;

/** Opens one challenged ballot. */
export function handle(task: CheckTask): void {
  void answerOnce(() => check(task));
}

async function check({ service, election, text }: CheckTask): Promise<CheckedBallot> {
  const opening = read(text);
  const { keys } = await readFoundation(
    (path, maxBytes) => getBytes(service, path, { maxBytes, timeout: TIMEOUT }),
    election,
  );
  return { ...openedBallot(election, keys, opening), values: opening.values };
}

/** Whatever is wrong with the text: it is no opening. @throws `opening/file` */
function read(text: string): Opening {
  try {
    return decodeOpening(text.trim());
  } catch {
    throw new UrnaError('opening/file', 'not the opening of a challenged ballot');
  }
}
