import type { PreparedBallot } from '../../protocol/ballot/prepared-ballot.ts';
import { randomnessScalar } from '../../protocol/ballot/randomness.ts';
import { canonicalJson } from '../../protocol/canonical-json.ts';
import { encodeText, encodeWord } from '../../protocol/encoding.ts';
import { modScalar } from '../../protocol/math/field.ts';
import { multiplyBase } from '../../protocol/math/curve.ts';
import type { Canary } from './canaries.ts';

/**
 * A vote as it could be given away: its randomness, with which anybody reads the ciphertext, what is encrypted of a ballot of one lane
 * (SPEC §8), and the vote as the client's files write it.
 *
 * @param voteFile - text of the file from which the voter's command read the vote
 */
export function voteCanaries(
  { randomness, randomnessBytes, values }: Pick<PreparedBallot, 'randomness' | 'randomnessBytes' | 'values'>,
  voteFile: string,
): Canary[] {
  const [even = 0n, odd = 0n] = values;
  const packed = multiplyBase(modScalar(even + (odd << 32n)));
  return [
    { name: 'randomness', bytes: randomnessBytes },
    { name: 'randomness scalar', bytes: encodeWord(randomnessScalar(randomness)) },
    { name: 'encrypted point', bytes: encodeWord(packed.x) },
    { name: 'values', bytes: encodeText(`"values":${canonicalJson(values.map(Number)).slice(0, -1)}`) },
    { name: 'vote file', bytes: encodeText(voteFile) },
  ];
}
