import { canonicalBytes, parseCanonical, requireFewValues } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, decodeNumber, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import { readIndex, readMembers } from '../json-members.ts';
import { MAX_REASONS } from '../record/published-names.ts';

const TYPE = 'urna/v1/roll-reasons';
const SHAPE = 'roll-reasons/shape';

/** Why an entry of the roll differs from its predecessor (SPEC §6). */
export const REASON_CODES = ['omitted', 'wrong-commitment', 'not-authorised', 'revoked', 'replaced'] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** A credential whose entry was added, changed or removed. */
export interface RollChange {
  readonly district: number;
  readonly credentialKey: Hex;
  readonly reason: ReasonCode;
}

/** What a version of the roll changes in its predecessor's registrations, and why. */
export interface RollReasons {
  /** The version that this document belongs to, at least 2. */
  readonly version: number;
  /** Ordered by district, then credential key. */
  readonly changes: readonly RollChange[];
}

/** Bytes that a value of a document has at least, on average: a change has four in more than a hundred. A few more have less. */
const [SMALLEST, FEW] = [24, 64] as const;

/** Canonical bytes of the published document. @throws `roll-reasons/shape` for more than it may have (SPEC §14.5) */
export function encodeReasons({ version, changes }: RollReasons): Uint8Array {
  const bytes = canonicalBytes({ type: TYPE, version, changes });
  require(bytes.length <= MAX_REASONS, SHAPE, 'too many changes for one version of the roll: make it in several');
  return bytes;
}

/** `reasonsHash` of the act `version` (SPEC §12.1): keccak256 of the document's bytes. */
export function reasonsHash(bytes: Uint8Array): bigint {
  return decodeNumber(keccak256(bytes));
}

/** Strict inverse of {@link encodeReasons}. @throws `roll-reasons/shape`, `encoding/hex`, `json/*` */
export function decodeReasons(bytes: Uint8Array): RollReasons {
  requireFewValues(bytes, FEW + bytes.length / SMALLEST, SHAPE);
  const file = readMembers(parseCanonical(bytes), ['changes', 'type', 'version'], SHAPE);
  require(file.type === TYPE, SHAPE, `not a file of type ${TYPE}`);
  require(Array.isArray(file.changes), SHAPE, 'changes must be a list');
  const changes = file.changes.map(readChange);
  changes.forEach((change, i) => {
    const previous = changes[i - 1];
    const ordered = previous === undefined || compareChanges(previous, change) < 0;
    require(ordered, SHAPE, `change ${i} is repeated or out of order`);
  });
  return { version: readIndex(file.version, SHAPE, 2), changes };
}

function readChange(value: Parameters<typeof readMembers>[0]): RollChange {
  const { district, credentialKey, reason } = readMembers(value, ['credentialKey', 'district', 'reason'], SHAPE);
  const code = REASON_CODES.find((each) => each === reason);
  require(code !== undefined, SHAPE, `a reason is one of ${REASON_CODES.join(', ')}`);
  return {
    district: readIndex(district, SHAPE),
    credentialKey: encodeHex(decodeHex(credentialKey, 32)),
    reason: code,
  };
}

/** Order of changes in the document. */
export function compareChanges(
  a: Pick<RollChange, 'district' | 'credentialKey'>,
  b: Pick<RollChange, 'district' | 'credentialKey'>,
): number {
  if (a.district !== b.district) return a.district - b.district;
  return a.credentialKey < b.credentialKey ? -1 : Number(a.credentialKey > b.credentialKey);
}
