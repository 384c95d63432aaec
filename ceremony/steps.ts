import { UrnaError, at, require } from '../protocol/errors.ts';
import type { Hex } from '../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../protocol/encoding.ts';
import { sha256 } from '../protocol/hash.ts';
import type { RandomBytes } from '../protocol/random.ts';
import { deltaChainProblems } from './delta-chain.ts';
import type { CeremonyHead } from './head.ts';
import { encodeHead } from './head.ts';
import { applyBeacon, contribute, loadCurve, phase2Problems, startKey } from './phase2.ts';
import type { Basis, Step } from './phase2.ts';
import type { KeySetup } from './proving-key.ts';
import { readKeySetup } from './proving-key.ts';
import type { Entry } from './transcript.ts';
import { chainTip, checkDate, checkName, transcriptProblems } from './transcript.ts';

/** A ceremony as it stands: what was fixed, what was done, and the newest proving key. */
export interface Ceremony {
  readonly head: CeremonyHead;
  readonly entries: readonly Entry[];
  readonly zkey: Uint8Array;
}

/** The name a beacon has in the proving key. */
const BEACON = 'beacon';

/** A ceremony that nobody has contributed to. @throws `setup/key` if the circuit does not fit phase 1, `setup/date` */
export async function beginCeremony(head: CeremonyHead, basis: Basis, date: string): Promise<Ceremony> {
  const zkey = await startKey(basis);
  const { circuitHash } = readKeySetup(await loadCurve(), zkey);
  const start: Ceremony = { head, entries: [], zkey };
  return append(start, { kind: 'start', name: '', date }, { zkey, hash: circuitHash });
}

/**
 * The ceremony after one contribution more.
 *
 * @param random - the platform's: what is drawn is forgotten when this returns
 * @throws `setup/name`, `setup/date`, `state/setup` for a name that has contributed, or after the beacon
 */
export async function addContribution(
  ceremony: Ceremony,
  name: string,
  date: string,
  random: RandomBytes,
): Promise<Ceremony> {
  await requireOpen(ceremony);
  requireNewName(ceremony, checkName(name));
  checkDate(date);
  const step = await contribute(ceremony.zkey, name, random(64));
  return append(ceremony, { kind: 'contribution', name, date }, step);
}

/**
 * The ceremony after a contribution that was made elsewhere, to a copy of its newest proving key.
 *
 * @throws `setup/contribution` if it is not exactly one sound contribution more; the codes of {@link addContribution}
 */
export async function acceptContribution(
  ceremony: Ceremony,
  zkey: Uint8Array,
  date: string,
  basis: Basis,
): Promise<Ceremony> {
  const { contributions } = await requireOpen(ceremony);
  const curve = await loadCurve();
  const given = readKeySetup(curve, zkey);
  const hashes = given.contributions.map(({ hash }) => hash);
  const follows =
    contributions.every(({ hash }, i) => hash === hashes[i]) && hashes.length === contributions.length + 1;
  require(follows, 'setup/contribution', 'this is not the newest proving key with one contribution more');
  const { name, hash, beacon } = at(given.contributions, contributions.length);
  require(beacon === undefined, 'setup/contribution', 'this is a beacon, not a contribution');
  requireNewName(ceremony, checkName(name));
  const problems = await deltaChainProblems(curve, given);
  if (problems.length === 0) problems.push(...(await phase2Problems(basis, zkey)));
  require(problems.length === 0, 'setup/contribution', `the contribution does not verify: ${problems.join('; ')}`);
  return append(ceremony, { kind: 'contribution', name, date }, { zkey, hash });
}

/**
 * The ceremony with its beacon: nothing can follow.
 *
 * @param value - the public randomness that the head named, 32 to 128 bytes
 * @throws `incomplete/setup` while contributions are missing, `setup/beacon`, `setup/date`, `state/setup`
 */
export async function closeCeremony(ceremony: Ceremony, value: Hex, date: string): Promise<Ceremony> {
  const { contributions } = await requireOpen(ceremony);
  checkDate(date);
  const { length } = decodeHex(value);
  require(length >= 32 && length <= 128, 'setup/beacon', 'a beacon’s value has 32 to 128 bytes');
  const missing = ceremony.head.contributions - contributions.length;
  require(missing <= 0, 'incomplete/setup', `${missing} contributions are missing before the beacon`);
  const step = await applyBeacon(ceremony.zkey, BEACON, value, ceremony.head.beacon.iterationsLog2);
  return append(ceremony, { kind: 'beacon', name: BEACON, date }, step);
}

function append(ceremony: Ceremony, made: Pick<Entry, 'kind' | 'name' | 'date'>, { zkey, hash }: Step): Ceremony {
  const previous = chainTip(encodeHead(ceremony.head), ceremony.entries);
  checkDate(made.date);
  const entry: Entry = { ...made, hash, file: encodeHex(sha256(zkey)), previous };
  return { head: ceremony.head, entries: [...ceremony.entries, entry], zkey };
}

/** What the newest key says; refuses to build on a key that is not the transcript's, or on a closed one. */
async function requireOpen({ head, entries, zkey }: Ceremony): Promise<KeySetup> {
  const setup = readKeySetup(await loadCurve(), zkey);
  const problems = transcriptProblems(encodeHead(head), entries, setup, encodeHex(sha256(zkey)));
  require(problems.length === 0, 'setup/transcript', problems.join('; '));
  if (entries.at(-1)?.kind === 'beacon') throw new UrnaError('state/setup', 'the beacon has closed this ceremony');
  return setup;
}

function requireNewName({ entries }: Ceremony, name: string): void {
  const taken = [BEACON, ...entries.map((entry) => entry.name)];
  require(!taken.includes(
    name,
  ), 'state/setup', `${name} stands in the transcript already: another name, another party`);
}
