import { recoverAddress } from '../acts/signature.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, encodeHex, equalBytes } from '../encoding.ts';
import { at, require } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import type { Rlp } from './rlp.ts';
import { decodeRlp, encodeRlp, rlpBytes, rlpList, rlpNumber } from './rlp.ts';

/** A header of a QBFT chain, as far as seals and state are read from it (SPEC §14.8). */
export interface QbftHeader {
  /** As the chain knows the block: the same whichever round it was agreed on in, and whichever seals a node has kept. */
  readonly hash: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly difficulty: bigint;
  readonly mixHash: Uint8Array;
  readonly number: number;
  /** Unix seconds. */
  readonly time: number;
  /** Who may seal this block, as its own header lists them. */
  readonly validators: readonly Hex[];
  /** What every seal signs: header and round, and no other seal. */
  readonly digest: Uint8Array;
  /** `r ‖ s ‖ v` each, `v` the parity of R's y. */
  readonly seals: readonly Uint8Array[];
}

/** Fields of a header before London, and by Prague's rules. */
const [FEWEST, MOST] = [15, 21];
const EXTRA_DATA = 12;
/** Vanity, validators, vote, round, seals. */
const EXTRA_FIELDS = 5;
const VANITY = 32;
const SEAL = 65;
const MAX_ROUND = 2n ** 31n;
/** "ctical byzantine fault tolerance": the mark of every block of QBFT. */
const MIX_HASH = decodeHex('0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365', 32);
const ROUND_0 = new Uint8Array();

/** A header from its RLP; nobody has asked yet who sealed it. @throws `seals/rlp`, `seals/header` */
export function decodeQbftHeader(bytes: Uint8Array): QbftHeader {
  const fields = rlpList(decodeRlp(bytes)).map((field) => rlpBytes(field));
  require(fields.length >= FEWEST && fields.length <= MOST, 'seals/header', `a header of ${fields.length} fields`);
  const extra = rlpList(decodeRlp(at(fields, EXTRA_DATA)), EXTRA_FIELDS);
  const [vanity, listed, vote, round, seals] = extra as [Rlp, Rlp, Rlp, Rlp, Rlp];
  rlpBytes(vanity, VANITY);
  rlpList(vote);
  require(rlpNumber(round) < MAX_ROUND, 'seals/header', 'the round of a header is too large');
  const [number, time] = [rlpNumber(fields[8]), rlpNumber(fields[11])];
  require(number < 2n ** 53n && time < 2n ** 53n, 'seals/header', 'number or time of a header are too large');
  const hashWith = (each: Rlp): Uint8Array => {
    const open = encodeRlp([vanity, listed, vote, each, []]);
    return keccak256(encodeRlp(fields.map((field, i) => (i === EXTRA_DATA ? open : field))));
  };
  return {
    hash: hashWith(ROUND_0),
    stateRoot: rlpBytes(fields[3], 32),
    difficulty: rlpNumber(fields[7]),
    mixHash: at(fields, 13),
    number: Number(number),
    time: Number(time),
    validators: rlpList(listed).map((each) => encodeHex(rlpBytes(each, 20))),
    digest: hashWith(round),
    seals: rlpList(seals).map((each) => rlpBytes(each, SEAL)),
  };
}

/** Who made the seals of a header, in its order. @throws `signature/invalid` */
export function sealersOf({ digest, seals }: QbftHeader): readonly Hex[] {
  // Besu takes either s: refused here, a validator could make every block that it seals worthless as evidence.
  return seals.map((seal) => recoverAddress(digest, seal.subarray(0, SEAL - 1), at([...seal], SEAL - 1)));
}

/** Validators that have to seal a block: of any two such sets, a third of all validators at least are in both (SPEC §14.8). */
export function quorumOf(validators: number): number {
  return Math.ceil((2 * validators) / 3);
}

/**
 * The one header of `run`, sealed by a quorum of `validators`. QBFT makes no other block of its number, so that none has to stand on it.
 *
 * @throws `seals/…`, `signature/invalid` where it is not
 */
export function verifyQbftRun(run: readonly Uint8Array[], validators: readonly Hex[]): QbftHeader {
  require(run.length === 1, 'seals/short', `${run.length} headers, and exactly 1 is needed`);
  const header = decodeQbftHeader(at(run, 0));
  const must = (holds: boolean, code: string, what: string): void =>
    require(holds, `seals/${code}`, `block ${header.number} ${what}`);
  must(equalBytes(header.mixHash, MIX_HASH), 'mix-hash', 'is not marked as a block of QBFT');
  must(header.difficulty === 1n, 'difficulty', 'has another difficulty than 1');
  must(header.validators.join() === validators.join(), 'signers', 'lists other validators');
  must(header.seals.length <= validators.length, 'again', 'has more seals than there are validators');
  const sealers = sealersOf(header);
  for (const [i, sealer] of sealers.entries()) {
    must(validators.includes(sealer), 'stranger', `was sealed by ${sealer}, which is no validator of this chain`);
    must(!sealers.slice(0, i).includes(sealer), 'again', `was sealed twice by ${sealer}`);
  }
  const quorum = quorumOf(validators.length);
  must(sealers.length >= quorum, 'quorum', `was sealed by ${sealers.length} validators, and ${quorum} are needed`);
  return header;
}
