import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { decodeEntry } from '../../../protocol/record/entry.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import type { HeldEvidence } from '../../protocol/checks/world/world.ts';

/** Whose seals: three geth processes' of a real network, or four test keys' by QBFT's rules over a state that geth has made (no Besu runs here). */
export type Engine = 'clique' | 'qbft';

/** An election on a real chain, up to its last ballots, and what its validators sealed. */
export interface SealedElection {
  readonly entries: readonly Entry[];
  /** `seals` are of the record's end. */
  readonly evidence: HeldEvidence;
  /** Seals from before the last batch of ballots. */
  readonly earlier: Uint8Array;
  /** Secret keys of the validators, in the definition's order: of a network that is gone, or that never was. */
  readonly keys: readonly Uint8Array[];
}

const FILES = {
  clique: new URL('../../vectors/sealed.json.gz', import.meta.url),
  qbft: new URL('../../vectors/sealed-qbft.json.gz', import.meta.url),
};

/** A value in which byte strings are written as `{hex}`, and back. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: encodeHex(value) };
  if (Array.isArray(value)) return value.map((each) => (each === undefined ? null : toJson(each)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toJson(each)]));
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => (each === null ? undefined : fromJson(each)));
  if (typeof value !== 'object' || value === null) return value;
  if ('hex' in value) return decodeHex(value.hex as Hex);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fromJson(each)]));
}

/** Writes the vector that is committed. @param election - its entries as they are in the record */
export function writeSealedElection({ entries, ...others }: SealedElection, engine: Engine): void {
  const text = JSON.stringify({ entries, ...(toJson(others) as object) });
  writeFileSync(FILES[engine], gzipSync(text, { level: 9 }));
}

/** The vector that is committed: `sealed/generate.ts` and `sealed/generate-qbft.ts` make others. */
export function readSealedElection(engine: Engine = 'clique'): SealedElection {
  const { entries, ...others } = JSON.parse(gunzipSync(readFileSync(FILES[engine])).toString('utf8')) as {
    readonly entries: readonly unknown[];
  };
  return { entries: entries.map(decodeEntry), ...(fromJson(others) as Omit<SealedElection, 'entries'>) };
}
