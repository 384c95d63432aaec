import { parseCanonical } from '../../../protocol/canonical-json.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { readMembers } from '../../../protocol/json-members.ts';
import { toField } from '../../../protocol/math/field.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { readBytes } from '../../../protocol/node/files.ts';

export const COMMITMENT_TYPE = 'urna/v1/commitment';

/** The commitment of an identity, so that registering needs no passphrase. @throws `commitment/file`, `field/range`, `file/*` */
export async function readCommitment(path: string): Promise<Field> {
  const members = readMembers(parseCanonical(await readBytes(path, 4096)), ['commitment', 'type'], 'commitment/file');
  require(members.type === COMMITMENT_TYPE, 'commitment/file', `${path} is not a commitment file`);
  const commitment = toField(decodeWord(members.commitment));
  require(commitment !== 0n, 'commitment/file', 'a commitment is never zero');
  return commitment;
}
