import { createHash } from 'node:crypto';
import { readSections, readParameters, sectionReader } from './sections.ts';
import type { Reader } from './sections.ts';
import type { Hex } from '../protocol/encoding.ts';
import { encodeHex, encodeWord, equalBytes } from '../protocol/encoding.ts';
import { require } from '../protocol/errors.ts';
import { p, r } from '../protocol/math/field.ts';
import type { CeremonyCurve } from './phase2.ts';

/** Affine points as ffjavascript keeps them: Montgomery form, little-endian. */
type Point = Uint8Array;

/** A contribution to phase 2 as its proving key carries it. */
export interface KeyContribution {
  readonly name: string;
  /** The beacon's parameters; undefined for a contribution. */
  readonly beacon: { readonly value: Hex; readonly iterationsLog2: number } | undefined;
  /** snarkjs's contribution hash: BLAKE2b-512 of the points, uncompressed, and `transcript`. */
  readonly hash: Hex;
  /** δ·G1 after it. */
  readonly deltaAfter: Point;
  /** Its public key: `s`, `x·s` in G1 and `x·s'` in G2, `s'` following from `transcript`. */
  readonly s: Point;
  readonly sx: Point;
  readonly spx: Point;
  /** Hash of all that came before and of `s` and `sx`, as the file claims it. */
  readonly transcript: Uint8Array;
}

/** What a proving key says of its setup. */
export interface KeySetup {
  /** snarkjs's circuit hash: BLAKE2b-512 of the key before any contribution. */
  readonly circuitHash: Hex;
  readonly publicSignals: number;
  readonly delta1: Point;
  readonly delta2: Point;
  readonly contributions: readonly KeyContribution[];
}

const FIELD = 32;
const G1 = 2 * FIELD;
const G2 = 4 * FIELD;
const HASH = 64;

/** BLAKE2b with 64 bytes of output (RFC 7693). */
export function blake2b(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = createHash('blake2b512');
  for (const part of parts) hasher.update(part);
  return Uint8Array.from(hasher.digest());
}

/**
 * Reads the header and the contributions of a `.zkey`; nothing is verified here but the file's form.
 *
 * @throws `setup/file`
 */
export function readKeySetup(curve: CeremonyCurve, zkey: Uint8Array): KeySetup {
  const sections = readSections(zkey, 'zkey');
  require(sectionReader(sections, 1).u32() === 1, 'setup/file', 'not a Groth16 proving key');
  const header = sectionReader(sections, 2);
  for (const prime of [p, r]) {
    const isBn254 = header.u32() === FIELD && equalBytes(header.take(FIELD), encodeWord(prime).reverse());
    require(isBn254, 'setup/file', 'a proving key of another curve');
  }
  const [wires, publicSignals, domain] = [header.u32(), header.u32(), header.u32()];
  requireSizes(sections, wires, publicSignals, domain);
  header.take(G1 + G1 + G2 + G2);
  const [delta1, delta2] = [header.take(G1).slice(), header.take(G2).slice()];
  const list = sectionReader(sections, 10);
  const circuitHash = encodeHex(list.take(HASH));
  const count = list.u32();
  const contributions: KeyContribution[] = [];
  while (contributions.length < count) contributions.push(readContribution(curve, list));
  require(list.left() === 0, 'setup/file', 'bytes follow the last contribution');
  return { circuitHash, publicSignals, delta1, delta2, contributions };
}

/** snarkjs reads past sections that are too short, and takes what it finds there for points. */
function requireSizes(
  sections: ReadonlyMap<number, Uint8Array>,
  wires: number,
  publicSignals: number,
  domain: number,
): void {
  const sizes = [
    [3, G1 * (publicSignals + 1)],
    [5, G1 * wires],
    [6, G1 * wires],
    [7, G2 * wires],
    [8, G1 * (wires - publicSignals - 1)],
    [9, G1 * domain],
  ] as const;
  const wrong = sizes.find(([number, size]) => sections.get(number)?.length !== size);
  require(wrong === undefined, 'setup/file', `section ${wrong?.[0]} of the proving key has a wrong size`);
  require(sections.has(4), 'setup/file', 'section 4 is missing');
}

function readContribution(curve: CeremonyCurve, list: Reader): KeyContribution {
  const [deltaAfter, s, sx] = [list.take(G1).slice(), list.take(G1).slice(), list.take(G1).slice()];
  const spx = list.take(G2).slice();
  const transcript = list.take(HASH).slice();
  const isBeacon = list.u32() === 1;
  const { name, value, iterationsLog2 } = readParameters(list);
  require(isBeacon === (value !== undefined), 'setup/file', 'a contribution’s kind and parameters differ');
  const points = publicKeyBytes(curve, { deltaAfter, s, sx, spx });
  const beacon = value === undefined ? undefined : { value: encodeHex(value), iterationsLog2: iterationsLog2 ?? 0 };
  return { name, beacon, hash: encodeHex(blake2b(points, transcript)), deltaAfter, s, sx, spx, transcript };
}

/** The points of a contribution as snarkjs hashes them: uncompressed, big-endian. */
export function publicKeyBytes(
  { G1: g1, G2: g2 }: CeremonyCurve,
  { deltaAfter, s, sx, spx }: Pick<KeyContribution, 'deltaAfter' | 's' | 'sx' | 'spx'>,
): Uint8Array {
  const parts = [g1.toUncompressed(deltaAfter), g1.toUncompressed(s), g1.toUncompressed(sx), g2.toUncompressed(spx)];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
