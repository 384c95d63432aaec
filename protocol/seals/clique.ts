import { recoverAddress } from '../acts/signature.ts';
import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, equalBytes } from '../encoding.ts';
import { UrnaError, at, require } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import type { Rlp } from './rlp.ts';
import { decodeRlp, encodeRlp, rlpBytes, rlpList, rlpNumber } from './rlp.ts';

/** A header of a Clique chain under London's rules, as far as seals and state are read from it (EIP-225, SPEC §14.8). */
export interface CliqueHeader {
  readonly hash: Uint8Array;
  readonly parent: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly difficulty: bigint;
  readonly number: number;
  /** Unix seconds. */
  readonly time: number;
  /** The signers that an epoch's block lists, as they stand; empty in every other. */
  readonly listed: Uint8Array;
  readonly signer: Hex;
}

const FIELDS = 16;
const EXTRA_DATA = 12;
const VANITY = 32;
const SEAL = 65;

/** A header from its RLP, with the address that sealed it. @throws `seals/rlp`, `seals/header`, `signature/invalid` */
export function decodeCliqueHeader(bytes: Uint8Array): CliqueHeader {
  const fields = rlpList(decodeRlp(bytes), FIELDS);
  const extra = rlpBytes(fields[EXTRA_DATA]);
  require(extra.length >= VANITY + SEAL, 'seals/header', 'a header has no seal');
  const [number, time] = [rlpNumber(fields[8]), rlpNumber(fields[11])];
  require(number < 2n ** 53n && time < 2n ** 53n, 'seals/header', 'number or time of a header are too large');
  return {
    hash: keccak256(bytes),
    parent: rlpBytes(fields[0], 32),
    stateRoot: rlpBytes(fields[3], 32),
    difficulty: rlpNumber(fields[7]),
    number: Number(number),
    time: Number(time),
    listed: extra.subarray(VANITY, extra.length - SEAL),
    signer: sealSigner(fields, extra),
  };
}

/**
 * A seal is a signature of the header without it; its last byte is 0 or 1 where `ecrecover` has 27 or 28. geth takes either s: refused here, a
 * validator could make every run with a block of its own worthless as evidence.
 */
function sealSigner(fields: readonly Rlp[], extra: Uint8Array): Hex {
  const unsealed = fields.map((field, i) => (i === EXTRA_DATA ? extra.subarray(0, extra.length - SEAL) : field));
  const seal = extra.subarray(extra.length - SEAL);
  const bit = at([...seal.subarray(64)], 0);
  require(bit < 2, 'seals/header', 'the last byte of a seal is neither 0 nor 1');
  return recoverAddress(keccak256(encodeRlp(unsealed)), seal.subarray(0, 64), bit);
}

/** Blocks on top of the one whose state counts: more than any minority can make, and the profile's confirmations (SPEC §14.8). */
export function depthOf(validators: number): number {
  return Math.max(3, Math.floor(validators / 2) + 1);
}

/**
 * The headers of `run`, oldest first, each sealed by one of `validators` in its turn or out of it, each on top of the one before.
 *
 * @throws `seals/…`, `signature/invalid` naming the first header that is not
 */
export function verifyCliqueRun(run: readonly Uint8Array[], validators: readonly Hex[]): readonly CliqueHeader[] {
  const wanted = depthOf(validators.length) + 1;
  require(run.length >= wanted, 'seals/short', `${run.length} headers, and ${wanted} are needed`);
  const listed = concatBytes(...validators.map((each) => decodeHex(each, 20)));
  const limit = Math.floor(validators.length / 2);
  const headers: CliqueHeader[] = [];
  for (const bytes of run) {
    const header = decodeCliqueHeader(bytes);
    const before = headers.at(-1);
    const fail = (code: string, what: string): never => {
      throw new UrnaError(`seals/${code}`, `block ${header.number} ${what}`);
    };
    if (before !== undefined) {
      const follows = equalBytes(header.parent, before.hash) && header.number === before.number + 1;
      if (!follows) fail('parent', 'does not stand on the header before it');
      if (header.time <= before.time) fail('time', 'is not later than the one before it');
    }
    const index = validators.indexOf(header.signer);
    if (index < 0) fail('stranger', `was sealed by ${header.signer}, which is no validator of this chain`);
    const recent = limit === 0 ? [] : headers.slice(-limit);
    if (recent.some(({ signer }) => signer === header.signer))
      fail('again', 'was sealed by a validator that must wait');
    const inTurn = header.number % validators.length === index;
    if (header.difficulty !== (inTurn ? 2n : 1n)) fail('difficulty', 'has not the difficulty of its sealer’s turn');
    if (header.listed.length > 0 && !equalBytes(header.listed, listed)) fail('signers', 'lists other signers');
    headers.push(header);
  }
  return headers;
}
