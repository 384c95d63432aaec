import { join } from 'node:path';
import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import { concatBytes, decodeHex, decodeNumber, encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { toPoint } from '../../../protocol/math/curve.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import type { DecryptedSums } from '../../../protocol/tally/decryption.ts';
import { exists, readBytes, writeFile } from '../../../protocol/node/files.ts';
import type { SecretFolder } from './secret-files.ts';

const CODE = 'decryption/journal';
const pathOf = ({ path }: SecretFolder): string => join(path, 'decrypted-sums.json');

/**
 * The sums this trustee has ever decrypted, by unit. They are public; what matters is that they never change (DESIGN §2.7).
 *
 * @throws `decryption/journal`, `point/invalid`
 */
export async function readJournal(folder: SecretFolder): Promise<DecryptedSums> {
  if (!(await exists(pathOf(folder)))) return new Map();
  const file = parseCanonical(await readBytes(pathOf(folder)));
  require(typeof file === 'object' && file !== null && !Array.isArray(file), CODE, 'the journal of sums is damaged');
  const entries = Object.entries(file).map(([unit, sum]): [number, Point] => {
    require(/^(?:0|[1-9][0-9]{0,6})$/u.test(unit), CODE, 'the journal of sums is damaged');
    const bytes = decodeHex(sum, 64);
    return [Number(unit), toPoint(decodeNumber(bytes.subarray(0, 32)), decodeNumber(bytes.subarray(32)))];
  });
  return new Map(entries);
}

/** Stores the journal before any decryption leaves the folder. */
export async function writeJournal(folder: SecretFolder, journal: DecryptedSums): Promise<void> {
  const entries = [...journal].map(([unit, { x, y }]) => [unit, encodeHex(concatBytes(encodeWord(x), encodeWord(y)))]);
  await writeFile(pathOf(folder), canonicalBytes(Object.fromEntries(entries)), { replace: true });
}
