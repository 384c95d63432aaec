import { quorumFault } from '../../../protocol/acts/quorum.ts';
import type { Officers } from '../../../protocol/acts/quorum.ts';
import { orderSignatures } from '../../../protocol/acts/quorum.ts';
import { actDigest } from '../../../protocol/acts/typed-data.ts';
import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at, require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';
import { objectOf, readActParams } from './act-params.ts';
import type { ActParams } from './act-params.ts';

const TYPE = 'urna/v1/act';
const CODE = 'act/file';

/** An officers' act and signatures of it. */
export interface ActFile {
  readonly chainId: number;
  readonly election: Hex;
  /** Acts executed before it. */
  readonly number: number;
  /** Unix seconds. */
  readonly expiry: number;
  readonly params: ActParams;
  readonly signatures: readonly Hex[];
}

/** What officers sign (SPEC §12.1). */
export function digestOfAct({ chainId, election, number, expiry, params }: Omit<ActFile, 'signatures'>): Uint8Array {
  const act = { name: params.name, number: BigInt(number), object: objectOf(params), expiry: BigInt(expiry) };
  return actDigest({ chainId: BigInt(chainId), election }, act);
}

/** Canonical text of an act file. */
export function encodeActFile(file: ActFile): string {
  return canonicalJson({ ...file, type: TYPE });
}

/** Strict inverse of {@link encodeActFile}. @throws `act/file`, `encoding/hex`, `json/*` */
export function decodeActFile(text: string): ActFile {
  const names = ['chainId', 'election', 'number', 'expiry', 'params', 'signatures', 'type'] as const;
  const file = readMembers(parseCanonical(text), names, CODE);
  require(file.type === TYPE, CODE, `not a file of type ${TYPE}`);
  require(Array.isArray(file.signatures), CODE, 'signatures must be a list');
  return {
    chainId: readIndex(file.chainId, CODE, 1),
    election: encodeHex(decodeHex(file.election, 20)),
    number: readIndex(file.number, CODE),
    expiry: readIndex(file.expiry, CODE, 1),
    params: readActParams(file.params),
    signatures: file.signatures.map((signature) => encodeHex(decodeHex(signature, 65))),
  };
}

/**
 * One act with the signatures of all files, in the contract's order.
 *
 * @throws `act/mixed` if the files are of different acts, `incomplete/quorum` if officers are missing
 */
export function mergeActs(files: readonly ActFile[], officers: Officers): ActFile {
  const first = at(files, 0);
  const digest = digestOfAct(first);
  const same = files.every((file) => encodeHex(digestOfAct(file)) === encodeHex(digest));
  require(same, 'act/mixed', 'the files are of different acts: number, object, expiry or election differ');
  const signatures = orderSignatures(
    digest,
    files.flatMap((file) => file.signatures).map((s) => decodeHex(s)),
  );
  const { length } = signatures;
  require(length >=
    officers.quorum, 'incomplete/quorum', `${length} officers have signed, ${officers.quorum} are needed`);
  const fault = quorumFault(digest, signatures, officers);
  require(fault === undefined, 'act/signatures', `the signatures are not a quorum's: ${fault ?? ''}`);
  return { ...first, signatures: signatures.map(encodeHex) };
}
