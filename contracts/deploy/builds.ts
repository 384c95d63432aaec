import type { Hex } from '../../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../../protocol/encoding.ts';
import { require } from '../../protocol/errors.ts';
import { keccak256 } from '../../protocol/hash.ts';
import type { EntryData } from '../../protocol/record/entry.ts';
import { compiled } from '../compile.ts';
import { POSEIDON_T3_CREATION } from '../generated/poseidon-t3.ts';

/** Names of what is deployed for an election, as `deployment` entries tell them (SPEC §14.1). */
export type DeployedName = EntryData<'deployment'>['name'];

/** Published creation code, without constructor arguments. */
export interface PublishedBuild {
  readonly code: Hex;
  /** Bytes of `code`. */
  readonly codeBytes: number;
  /** keccak256 of `code`: what check 2 compares (SPEC §15). */
  readonly codeHash: Hex;
}

/** Creation codes of everything that is deployed, by name. */
export type PublishedBuilds = Readonly<Record<DeployedName, PublishedBuild>>;

/** What following a chain takes of a build. */
export type CodeSizes = Readonly<Record<DeployedName, Pick<PublishedBuild, 'codeBytes'>>>;

// CODESIZE − 13 bytes from byte 13 on become the code: PUSH1 13, CODESIZE, SUB, DUP1, PUSH1 13, PUSH1 0, CODECOPY, PUSH1 0, RETURN.
// It takes its own length, so that it is the same for every key, and the key is its argument.
const KEY_LOADER: Hex = '0x600d380380600d6000396000f3';

/** Hashed for who asks: to follow a chain, lengths are enough. */
function build(code: Hex): PublishedBuild {
  let hash: Hex | undefined;
  return {
    code,
    codeBytes: (code.length - 2) / 2,
    get codeHash() {
      return (hash ??= encodeHex(keccak256(decodeHex(code))));
    },
  };
}

function contract(name: string): PublishedBuild {
  const { bytecode } = compiled(name);
  require(/^0x(?:[0-9a-f]{2})+$/.test(bytecode), 'internal/unlinked', `${name} is not linked`);
  return build(bytecode);
}

/** The published build: contracts as compiled from the sources, generated code as committed. */
export function publishedBuilds(): PublishedBuilds {
  return {
    poseidon: build(POSEIDON_T3_CREATION),
    'circuit-key': build(KEY_LOADER),
    roll: contract('Roll'),
    ceremony: contract('KeyCeremony'),
    ballots: contract('Ballots'),
    tally: contract('Tally'),
    election: contract('Election'),
  };
}

/** The published build's code hashes by name: the side input of check 2 (SPEC §15). */
export function publishedCodeHashes(builds: PublishedBuilds): Readonly<Record<DeployedName, Hex>> {
  return {
    poseidon: builds.poseidon.codeHash,
    'circuit-key': builds['circuit-key'].codeHash,
    roll: builds.roll.codeHash,
    ceremony: builds.ceremony.codeHash,
    ballots: builds.ballots.codeHash,
    tally: builds.tally.codeHash,
    election: builds.election.codeHash,
  };
}
