import { anchorObject } from '../../../protocol/acts/objects.ts';
import { decodeWord, wordHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { refuseFaults } from '../observe/checks.ts';
import { verifyFile } from '../observe/run.ts';

/**
 * `urna record anchor FILE`: verifies a record and says what an anchor of it is about, for officers to compare before each signs
 * with `urna officer sign anchor --record FILE`. A record that is not right is not anchored.
 *
 * @throws `check/failed`, `record/*`
 */
export async function anchor(call: Invocation): Promise<Outcome> {
  const path = call.args[0];
  require(path !== undefined, 'usage/arguments', 'give the record: its record.json, or the folder that this lies in');
  const { head, report } = await verifyFile(call, path);
  refuseFaults(report, 'do not anchor: ');
  const { entries, hash } = head;
  const object = wordHex(anchorObject(BigInt(entries), decodeWord(hash)));
  const text = [
    `All checks hold. The record's hash after ${entries} entries is`,
    `  ${hash}`,
    `Each officer signs it with "urna officer sign anchor --record ${path}".`,
  ].join('\n');
  return { data: { entries, hash, object }, text };
}
