import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';

const TYPE = 'urna/v1/web-voter';
const SHAPE = 'vault/damaged';

/** What a voter keeps on a device, for one election. Secret: it is stored sealed only. */
export interface VoterFile {
  /** Private key of the identity, 32 bytes. */
  readonly identity: Uint8Array;
  /** Index of the district. */
  readonly district: number;
  /** Seed of the credential, 32 bytes; undefined where the identity was restored without the letter. */
  readonly credential: Uint8Array | undefined;
  /** The registrar's receipt, checked before it was put here; undefined before registration, or where it was made elsewhere. */
  readonly receipt: Json | undefined;
  /** Sequence of the registration for which the voter was sent to log in; undefined where no login is under way. */
  readonly loginFor: number | undefined;
  /** What voting keeps, by name: decoys, ballots under way, receipts. Whoever puts a thing here decodes it. */
  readonly voting: Readonly<Record<string, Json>>;
}

export function encodeVoterFile({ identity, district, credential, receipt, loginFor, voting }: VoterFile): Uint8Array {
  return canonicalBytes({
    ...{ type: TYPE, identity: encodeHex(identity), district, receipt: receipt ?? null, voting },
    credential: credential === undefined ? null : encodeHex(credential),
    loginFor: loginFor ?? null,
  });
}

/** Strict inverse of {@link encodeVoterFile}. @throws `vault/damaged`, `encoding/hex`, `json/*` */
export function decodeVoterFile(bytes: Uint8Array): VoterFile {
  const names = ['credential', 'district', 'identity', 'loginFor', 'receipt', 'type', 'voting'] as const;
  const members = readMembers(parseCanonical(bytes), names, SHAPE);
  const { type, identity, district, credential, receipt, loginFor, voting } = members;
  require(type === TYPE, SHAPE, `not a voter’s file of type ${TYPE}`);
  require(typeof voting === 'object' && voting !== null && !Array.isArray(voting), SHAPE, 'voting is no object');
  return {
    ...{ identity: decodeHex(identity, 32), district: readIndex(district, SHAPE) },
    credential: credential === null ? undefined : decodeHex(credential, 32),
    receipt: receipt ?? undefined,
    loginFor: loginFor === null ? undefined : readIndex(loginFor, SHAPE, 1),
    voting: voting as VoterFile['voting'],
  };
}
