import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import { signRegistration, verifyRegistration } from '../../../protocol/credentials/registration.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { toField } from '../../../protocol/math/field.ts';
import { equationByOpenssl } from '../../../protocol/node/ed25519.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';
import type { RollMeasure } from './roll-run.ts';

const MEMBERS = 1_500_000;
/** Signatures measured; all take the same time. */
const SIGNATURES = 2_000;

/** In a process of its own, so that the memory is that of the roll and nothing else. */
function measured(): Promise<RollMeasure> {
  const child = fork(fileURLToPath(new URL('roll-run.ts', import.meta.url)), [String(MEMBERS)]);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as RollMeasure));
    child.once('exit', (status) => reject(new Error(`the roll bench ended with ${status}`)));
  });
}

function reported(name: string, value: number, unit: string, reference: number | null = null): Row {
  const ratio = reference === null ? null : value / reference;
  return { name, value, unit, reference, ratio, target: 'reported', met: null, samples: 1 };
}

/** Verifying a registration's signature as the service does when it takes it, CPU seconds. */
function signatureSeconds(): number {
  const context = { chainId: 31_337, election: wordHex(1n).slice(0, 42) as `0x${string}`, definitionHash: wordHex(2n) };
  const key = signingKey(new Uint8Array(32).fill(7));
  const registration = signRegistration(context, key, { district: 0, commitment: toField(5n), sequence: 1 });
  const start = process.cpuUsage();
  for (let i = 0; i < SIGNATURES; i++) {
    if (!verifyRegistration(context, registration, equationByOpenssl))
      throw new Error('a signature that does not hold');
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 / SIGNATURES;
}

/**
 * Rows `roll` (DESIGN §5): the register of 1.5M members in two districts sorted into its file (`roll/import`); the file read back, its Merkle root, the
 * roll's roots and tiles (`roll`), in the clock's seconds, beside as many hashes by circomlibjs on one thread; the most memory that the process
 * held. Signatures are checked one by one while registrations come in: `roll/signatures` is what they all take, from a measured part.
 */
export async function rows(): Promise<Row[]> {
  const { publishSeconds, publishCpu, importSeconds, hashSeconds, hashCpu, peakBytes, fileBytes } = await measured();
  return [
    rowAtMost('roll', publishSeconds, 's', 120, hashSeconds * MEMBERS),
    rowAtMost('roll/memory', peakBytes / 2 ** 30, 'GiB', 4),
    reported('roll/CPU', publishCpu, 's', hashCpu * MEMBERS),
    reported('roll/import', importSeconds, 's'),
    reported('roll/file', fileBytes / 2 ** 20, 'MiB'),
    reported('roll/signatures, CPU', signatureSeconds() * MEMBERS, 's'),
  ];
}
