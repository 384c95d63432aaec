import type { Hex } from '../../encoding.ts';
import { concatBytes } from '../../encoding.ts';
import { require } from '../../errors.ts';
import type { EntryData } from '../../record/entry.ts';

/** Names of an election's contracts, as in the record. */
export type ContractName = EntryData<'deployment'>['name'];

/** Creation code of a contract in the published build. */
export interface PublishedCode {
  /** keccak256 of the creation code without arguments. */
  readonly codeHash: Hex;
  /** Its length in bytes. */
  readonly codeBytes: number;
}

/** A circuit's published artifacts, as far as ballots are checked with them. */
export interface PublishedCircuit {
  readonly lanes: number;
  /** Bytes of `vkey.json`, snarkjs's form of the verifying key. */
  readonly verifyingKey: Uint8Array;
  /** Bytes of `manifest.json` (SPEC §13). */
  readonly manifest: Uint8Array;
}

/** A published file: its bytes, or what opens it, the same bytes each time, where a city's is too large to hold. */
export type PublishedBytes = Uint8Array | (() => AsyncIterable<Uint8Array>);

/** A published file in pieces. */
export function openPublished(file: PublishedBytes): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return typeof file === 'function' ? file() : [file];
}

/** All of a published file. @param most - bytes; @throws `code` if it has more */
export async function readWhole(file: PublishedBytes, most: number, code: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of openPublished(file)) {
    length += chunk.length;
    require(length <= most, code, `more than the ${most} bytes that the file may have`);
    chunks.push(chunk);
  }
  return concatBytes(...chunks);
}

/** What an observer has beside the record: files whose hashes the chain names, and the published build. */
export interface Evidence {
  /** Bytes of `election.json`. */
  readonly definition: Uint8Array;
  /** Credential lists by district (SPEC §5). */
  readonly credentials: readonly PublishedBytes[];
  /** `registrations.jsonl` of each version of the roll, version 1 first (SPEC §5). */
  readonly registrations: readonly PublishedBytes[];
  /** Reasons of each version of the roll, version 1 (which has none) first (SPEC §6). */
  readonly reasons: readonly (PublishedBytes | undefined)[];
  readonly circuits: readonly PublishedCircuit[];
  readonly build: Readonly<Record<ContractName, PublishedCode>>;
  /** Bytes of `seals.json` (SPEC §14.8), where the chain's validators are known. */
  readonly seals?: Uint8Array | undefined;
}
