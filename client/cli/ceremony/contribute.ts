import { contribute as contributeTo, loadCurve } from '../../../ceremony/phase2.ts';
import { readKeySetup } from '../../../ceremony/proving-key.ts';
import { acceptContribution, addContribution, closeCeremony } from '../../../ceremony/steps.ts';
import type { Ceremony } from '../../../ceremony/steps.ts';
import { checkName, entryHash } from '../../../ceremony/transcript.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at, require } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { readBytes, writeFile } from '../../../protocol/node/files.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { attestation, hashLines } from './attestation.ts';
import { basisHere, compileHere, readPhase1File } from './basis.ts';
import { MAX_KEY_BYTES, readCeremony, writeStep } from './folder.ts';

/**
 * `urna ceremony contribute`: one contribution to a ceremony's folder, or to its newest key alone. What is drawn comes from the
 * platform's random generator and is forgotten when the process ends.
 *
 * @returns the attestation that its contributor publishes
 * @throws `setup/name`, `setup/date`, `state/setup`, `setup/transcript`, `file/*`
 */
export async function contribute(call: Invocation): Promise<Outcome> {
  const folder = optional(call, 'folder');
  require((folder === undefined) !==
    (optional(call, 'zkey') === undefined), 'usage/option', 'give --folder, or --zkey and --out');
  if (folder === undefined) return contributeToKey(call);
  const ceremony = await readCeremony(folder);
  call.progress.note('contributing');
  const name = option(call, 'name');
  return recorded(folder, await addContribution(ceremony, name, option(call, 'date'), randomBytes));
}

/** Someone who was only sent the key: the coordinator adds what comes back with `ceremony accept`. */
async function contributeToKey(call: Invocation): Promise<Outcome> {
  const out = option(call, 'out');
  const name = checkName(option(call, 'name'));
  const before = await readBytes(option(call, 'zkey'), MAX_KEY_BYTES);
  const { circuitHash, contributions } = readKeySetup(await loadCurve(), before);
  const closed = contributions.some(({ beacon }) => beacon !== undefined);
  require(!closed, 'state/setup', 'a beacon has closed the contributions to this key');
  call.progress.note('contributing');
  const { zkey, hash } = await contributeTo(before, name, randomBytes(64));
  await writeFile(out, zkey);
  const file = encodeHex(sha256(zkey));
  const number = contributions.length + 1;
  const text = [
    `${out}: send it back, and publish:`,
    `I am contribution ${number}, ${name}, to the key with this circuit hash, and kept nothing of what was drawn for it.`,
    `circuit hash:\n${hashLines(circuitHash)}`,
    `contribution hash (BLAKE2b-512):\n${hashLines(hash)}`,
    `proving key after it (SHA-256): ${file}`,
  ];
  return { data: { path: out, name, number, circuitHash, hash, file }, text: text.join('\n') };
}

/**
 * `urna ceremony accept`: takes a contribution that was made to the newest key alone, verified in full.
 *
 * @throws `setup/contribution` and the codes of {@link contribute}
 */
export async function accept(call: Invocation): Promise<Outcome> {
  const folder = option(call, 'folder');
  const ceremony = await readCeremony(folder);
  const zkey = await readBytes(option(call, 'zkey'), MAX_KEY_BYTES);
  const circuit = await compileHere(call, ceremony.head.circuit);
  const ptau = await readPhase1File(call);
  call.progress.note('verifying the contribution');
  return recorded(folder, await acceptContribution(ceremony, zkey, option(call, 'date'), basisHere(circuit, ptau)));
}

/**
 * `urna ceremony beacon`: closes the contributions with the public randomness that the ceremony named beforehand.
 *
 * @throws `incomplete/setup` while contributions are missing, `setup/beacon`, `encoding/hex`, `state/setup`
 */
export async function beacon(call: Invocation): Promise<Outcome> {
  const folder = option(call, 'folder');
  const ceremony = await readCeremony(folder);
  const value = encodeHex(decodeHex(option(call, 'value')));
  call.progress.note('applying the beacon');
  return recorded(folder, await closeCeremony(ceremony, value, option(call, 'date')), value);
}

async function recorded(folder: string, ceremony: Ceremony, value?: Hex): Promise<Outcome> {
  const file = await writeStep(folder, ceremony);
  const number = ceremony.entries.length - 1;
  const entry = at(ceremony.entries, number);
  const data = { path: file, number, ...entry, entryHash: entryHash(entry) };
  if (value === undefined) return { data, text: `${file}; publish:\n\n${attestation(ceremony.head, entry, number)}` };
  const { source } = ceremony.head.beacon;
  return { data: { ...data, value, source }, text: `${file}: closed with ${value}, ${source}` };
}
