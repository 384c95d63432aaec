import type { Hex } from '../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../protocol/encoding.ts';
import { UrnaError, require } from '../protocol/errors.ts';
import { sha256 } from '../protocol/hash.ts';
import { blake2b } from './proving-key.ts';
import { readParameters, readSections, sectionReader } from './sections.ts';

/** A phase 1 file as a ceremony names it. */
export interface Phase1 {
  /** BLAKE2b-512, as published for such files. */
  readonly blake2b: Hex;
  readonly sha256: Hex;
  /** Circuits of up to 2^power constraints and signals. */
  readonly power: number;
  /** Where it is from, for people. */
  readonly source: string;
  /** Contributions under different names, beacons not counted. */
  readonly contributors: number;
  /** True for a file of the perpetual powers of tau that is known here by its hash. */
  readonly published: boolean;
}

/**
 * `powersOfTau28_hez_final_<power>.ptau`: the perpetual powers of tau, 54 contributions and a beacon, made ready for phase 2, with the
 * hashes that snarkjs's README publishes.
 */
const PUBLISHED: ReadonlyMap<Hex, number> = new Map<Hex, number>([
  [
    `0x58efc8bf2834d04768a3d7ffcd8e1e23d461561729beaac4e3e7a47829a1c9066d5320241e124a1a8e8aa6c75be0ba66f65bc8239a0542ed38e11276f6fdb4d9`,
    13,
  ],
  [
    `0xeeefbcf7c3803b523c94112023c7ff89558f9b8e0cf5d6cdcba3ade60f168af4a181c9c21774b94fbae6c90411995f7d854d02ebd93fb66043dbb06f17a831c1`,
    14,
  ],
  [
    `0x982372c867d229c236091f767e703253249a9b432c1710b4f326306bfa2428a17b06240359606cfe4d580b10a5a1f63fbed499527069c18ae17060472969ae6e`,
    15,
  ],
  [
    `0x6a6277a2f74e1073601b4f9fed6e1e55226917efb0f0db8a07d98ab01df1ccf43eb0e8c3159432acd4960e2f29fe84a4198501fa54c8dad9e43297453efec125`,
    16,
  ],
  [
    `0x6247a3433948b35fbfae414fa5a9355bfb45f56efa7ab4929e669264a0258976741dfbe3288bfb49828e5df02c2e633df38d2245e30162ae7e3bcca5b8b49345`,
    17,
  ],
  [
    `0x7e6a9c2e5f05179ddfc923f38f917c9e6831d16922a902b0b4758b8e79c2ab8a81bb5f29952e16ee6c5067ed044d7857b5de120a90704c1d3b637fd94b95b13e`,
    18,
  ],
]);

/** A published BLAKE2b-512, as people copy it: 128 hex digits, `0x` or not, either case. @throws `setup/phase1` */
export function parsePhase1Hash(text: string): Hex {
  const digits = text.toLowerCase().replace(/^0x/, '');
  require(/^[0-9a-f]{128}$/.test(digits), 'setup/phase1', 'a phase 1 hash is BLAKE2b-512: 128 hexadecimal digits');
  return encodeHex(decodeHex(`0x${digits}`, 64));
}

/**
 * What a phase 1 file is. Whether its contributions are sound is `phase1Problems`' to say.
 *
 * @param expected - its published hash; undefined for an own file
 * @throws `setup/phase1` for another file than the one published, `setup/file`
 */
export function readPhase1(ptau: Uint8Array, source: string, expected?: Hex): Phase1 {
  const hash = encodeHex(blake2b(ptau));
  if (expected !== undefined && hash !== expected) {
    throw new UrnaError(
      'setup/phase1',
      `the phase 1 file has BLAKE2b hash ${hash}, not the published one: get it again`,
    );
  }
  const sections = readSections(ptau, 'ptau');
  const header = sectionReader(sections, 1);
  header.take(header.u32());
  const power = header.u32();
  const published = PUBLISHED.get(hash) === power;
  return {
    blake2b: hash,
    sha256: encodeHex(sha256(ptau)),
    power,
    source,
    contributors: countNames(sections),
    published,
  };
}

/** Five points, nine of the public key, and hashes: what stands before a contribution's kind and name. */
const FIXED_BYTES = 3 * 64 + 2 * 128 + (6 * 64 + 3 * 128) + 216 + 64;

function countNames(sections: ReadonlyMap<number, Uint8Array>): number {
  const list = sectionReader(sections, 7);
  const names = new Set<string>();
  for (let left = list.u32(); left > 0; left--) {
    list.take(FIXED_BYTES);
    const isBeacon = list.u32() === 1;
    const { name } = readParameters(list);
    if (!isBeacon && name !== '') names.add(name);
  }
  return names.size;
}
