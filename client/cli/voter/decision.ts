import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { readMembers } from '../../../protocol/json-members.ts';
import { exists, readText, writeFile } from '../../../protocol/node/files.ts';

const TYPE = 'urna/v1/ballot-decision';
const CODE = 'ballot/decision';

/** What became of a prepared ballot. */
export type Decision = 'cast' | 'challenged';

const REFUSALS: Readonly<Record<Decision, string>> = {
  cast: 'this ballot was cast: what it holds must stay secret. Prepare another one and challenge that',
  challenged: 'this ballot was challenged: everybody may know what it holds. Prepare another one and cast that',
};

/**
 * Decides on a prepared ballot, once and for all, before anything of it leaves the voter's folder: a proof for a challenged one would
 * be a vote that others can read, an opening of a cast one a receipt. The mark is a file that can be made once; deciding the same again
 * changes nothing, so that an interrupted command can be repeated.
 *
 * @param path - of the prepared ballot @throws `state/ballot` if the other was decided, `ballot/decision`
 */
export async function decide(path: string, fingerprint: Hex, decision: Decision): Promise<void> {
  const text = canonicalJson({ type: TYPE, decision, fingerprint });
  try {
    await writeFile(markPath(path), text, { secret: true });
  } catch (error) {
    if (!(error instanceof UrnaError) || error.code !== 'file/exists') throw error;
    await requireUndecidedOr(path, fingerprint, decision);
  }
}

/** Refuses a ballot that was decided on otherwise; marks nothing. @throws `state/ballot`, `ballot/decision` */
export async function requireUndecidedOr(path: string, fingerprint: Hex, decision: Decision): Promise<void> {
  const mark = markPath(path);
  if (!(await exists(mark))) return;
  const file = readMembers(parseCanonical(await readText(mark, 4096)), ['decision', 'fingerprint', 'type'], CODE);
  const found = (['cast', 'challenged'] as const).find((each) => each === file.decision);
  const own = file.type === TYPE && file.fingerprint === fingerprint && found !== undefined;
  require(own, CODE, `${mark} is not the mark of this ballot: prepare another one`);
  require(found === decision, 'state/ballot', REFUSALS[found ?? decision]);
}

function markPath(path: string): string {
  return `${path.replace(/\.age$/u, '')}.decision.json`;
}
