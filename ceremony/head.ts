import { canonicalBytes, parseCanonical } from '../protocol/canonical-json.ts';
import type { Json } from '../protocol/canonical-json.ts';
import type { Hex } from '../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../protocol/encoding.ts';
import { require } from '../protocol/errors.ts';
import { readIndex, readMembers } from '../protocol/json-members.ts';
import { MAX_ITERATIONS_LOG2 } from './delta-chain.ts';
import type { Phase1 } from './phase1.ts';

/** Fewest contributions to phase 2 that a key needs (SPEC §13). */
export const MIN_CONTRIBUTIONS = 3;
/** snarkjs takes no fewer. */
const MIN_ITERATIONS_LOG2 = 10;

/** What is fixed before anybody contributes to the setup of a circuit (SPEC §13.2). */
export interface CeremonyHead {
  readonly circuit: string;
  readonly compiler: string;
  /** SHA-256 of the constraint system. */
  readonly r1cs: Hex;
  readonly constraints: number;
  readonly publicSignals: number;
  readonly phase1: Phase1;
  /** Contributions needed before the beacon. */
  readonly contributions: number;
  /** The public randomness that will close the contributions, named before anybody can know it. */
  readonly beacon: { readonly source: string; readonly iterationsLog2: number };
  /** True for keys that must never serve an election that counts. */
  readonly development: boolean;
}

const TYPE = 'urna/v1/setup-ceremony';
const CODE = 'setup/ceremony';

/** `ceremony.json`, RFC 8785. @throws `setup/ceremony` */
export function encodeHead(head: CeremonyHead): Uint8Array {
  return canonicalBytes({ ...checkHead(head), type: TYPE });
}

/** Strict inverse of {@link encodeHead}. @throws `setup/ceremony`, `encoding/hex`, `json/…` */
export function decodeHead(bytes: Uint8Array): CeremonyHead {
  const names = [
    ...(['beacon', 'circuit', 'compiler', 'constraints', 'contributions', 'development'] as const),
    ...(['phase1', 'publicSignals', 'r1cs', 'type'] as const),
  ];
  const file = readMembers(parseCanonical(bytes), names, CODE);
  require(file.type === TYPE, CODE, `not a file of type ${TYPE}`);
  const beacon = readMembers(file.beacon, ['iterationsLog2', 'source'], CODE);
  return checkHead({
    circuit: readText(file.circuit),
    compiler: readText(file.compiler),
    r1cs: encodeHex(decodeHex(file.r1cs, 32)),
    constraints: readIndex(file.constraints, CODE),
    publicSignals: readIndex(file.publicSignals, CODE),
    phase1: readPhase1Members(file.phase1),
    contributions: readIndex(file.contributions, CODE),
    beacon: { source: readText(beacon.source), iterationsLog2: readIndex(beacon.iterationsLog2, CODE) },
    development: readFlag(file.development),
  });
}

function readPhase1Members(value: Json): Phase1 {
  const names = ['blake2b', 'contributors', 'power', 'published', 'sha256', 'source'] as const;
  const phase1 = readMembers(value, names, CODE);
  return {
    blake2b: encodeHex(decodeHex(phase1.blake2b, 64)),
    sha256: encodeHex(decodeHex(phase1.sha256, 32)),
    power: readIndex(phase1.power, CODE),
    source: readText(phase1.source),
    contributors: readIndex(phase1.contributors, CODE),
    published: readFlag(phase1.published),
  };
}

function checkHead(head: CeremonyHead): CeremonyHead {
  const { contributions, beacon } = head;
  require(contributions >= MIN_CONTRIBUTIONS &&
    contributions <= 1000, CODE, `a ceremony takes ${MIN_CONTRIBUTIONS} to 1000 contributions`);
  const { iterationsLog2 } = beacon;
  const fits = iterationsLog2 >= MIN_ITERATIONS_LOG2 && iterationsLog2 <= MAX_ITERATIONS_LOG2;
  require(fits, CODE, `a beacon takes 2^${MIN_ITERATIONS_LOG2} to 2^${MAX_ITERATIONS_LOG2} hashes`);
  require(beacon.source.trim() !== '', CODE, 'name the public randomness of the beacon beforehand');
  return head;
}

function readText(value: Json | undefined): string {
  require(typeof value === 'string', CODE, 'expected text');
  return value;
}

function readFlag(value: Json | undefined): boolean {
  require(typeof value === 'boolean', CODE, 'expected true or false');
  return value;
}
