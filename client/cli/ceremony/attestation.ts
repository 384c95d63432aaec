import type { CeremonyHead } from '../../../ceremony/head.ts';
import type { Entry } from '../../../ceremony/transcript.ts';
import { entryHash } from '../../../ceremony/transcript.ts';
import type { Hex } from '../../../protocol/encoding.ts';

/** A hash of 64 bytes as snarkjs prints it: four lines of four words. */
export function hashLines(hash: Hex): string {
  const words = hash.slice(2).match(/.{8}/g) ?? [];
  return [0, 4, 8, 12].map((i) => `    ${words.slice(i, i + 4).join(' ')}`).join('\n');
}

/** What a contributor publishes, so that nobody can leave the contribution out or exchange it. */
export function attestation({ circuit, r1cs }: CeremonyHead, entry: Entry, number: number): string {
  return [
    `I contributed to the setup of ${circuit} and kept nothing of what was drawn for it.`,
    `name: ${entry.name}`,
    `day: ${entry.date}`,
    `contribution: ${number}`,
    `constraint system (SHA-256): ${r1cs}`,
    'contribution hash (BLAKE2b-512):',
    hashLines(entry.hash),
    `proving key after it (SHA-256): ${entry.file}`,
    `transcript entry (SHA-256): ${entryHash(entry)}`,
  ].join('\n');
}
