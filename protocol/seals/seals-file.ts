import { canonicalBytes, parseCanonical, requireFewValues } from '../canonical-json.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { anyBytes, constant, list, record } from '../record/shape.ts';

/** Name of the file in a record's published files. */
export const SEALS_FILE = 'seals.json';
/** Most headers that a run may have: no more than a verifier needs. */
const MAX_HEADERS = 64;
/** Most nodes: as many as have room in a file, since none that stands by itself has less than 32 bytes. */
const MAX_NODES = 2 ** 20;
/** Other members and brackets of the file. */
const OTHERS = 16;

const shape = record({ version: constant(1), headers: list(anyBytes), nodes: list(anyBytes) });

/** `seals.json`: a run of sealed headers, and nodes of the state that the first of them names (SPEC §14.8). */
export interface Seals {
  /** RLP of headers, oldest first. */
  readonly headers: readonly Uint8Array[];
  /** RLP of nodes of the state's and storages' tries. */
  readonly nodes: readonly Uint8Array[];
}

/** The bytes of `seals.json`. */
export function encodeSeals({ headers, nodes }: Seals): Uint8Array {
  return canonicalBytes({ version: 1, headers: headers.map(encodeHex), nodes: nodes.map(encodeHex) });
}

/** Strict inverse of {@link encodeSeals}. @throws `json/…`, `record/shape` */
export function decodeSeals(bytes: Uint8Array): Seals {
  requireFewValues(bytes, MAX_HEADERS + MAX_NODES + OTHERS, 'record/shape');
  const { headers, nodes } = shape.read(parseCanonical(bytes), SEALS_FILE);
  require(headers.length <= MAX_HEADERS, 'record/shape', `${SEALS_FILE}: more than ${MAX_HEADERS} headers`);
  require(nodes.length <= MAX_NODES, 'record/shape', `${SEALS_FILE}: more than ${MAX_NODES} nodes`);
  const read = (all: readonly string[]): Uint8Array[] => all.map((each) => decodeHex(each));
  return { headers: read(headers), nodes: read(nodes) };
}
